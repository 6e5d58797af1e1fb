"""What all requests have in common: members that are not known are refused, naming them (`ALL-2`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Request(BaseModel):
    """A request's body, or a part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
