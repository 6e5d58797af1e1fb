"""What a search for patients says (`INV-18`)."""

from __future__ import annotations

from typing import Annotated

from chassis.http import TEXT
from chassis.http.time import BirthDay
from pydantic import BaseModel, ConfigDict, Field


class PatientSearchIn(BaseModel):
    """Who is looked for. It is a body, for a name in a URL would stand in logs (`ALL-6`)."""

    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, json_schema_extra={"example": {"text": "okafor ama 1987-04-09"}}
    )

    text: Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT)] | None = None
    """Words of the name in any order, each perhaps only begun, with or without accents, apostrophes and hyphens; the
    chart number, with or without its zeros; a birth date as `1987-04-09` or as the clinic's language writes it; or the
    whole number of an invoice."""
    birth_date: BirthDay | None = None
