"""Clinics as the billing services know them: announced by invoicing, the keeper of a clinic's settings (`INV-11`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contracts.event import Event, event
from contracts.patients import PostalAddress

TOPIC = "billing.clinics.v1"


@event("billing.clinic.configured.v1", TOPIC)
class ClinicConfigured(Event):
    """A clinic's settings as they are now; each event carries the whole of it, the highest `version` is the truth."""

    version: Annotated[int, Field(ge=1)]
    name: Annotated[str, Field(max_length=200)]
    legal_name: Annotated[str | None, Field(max_length=200)] = None
    address: PostalAddress | None = None
    phone: Annotated[str | None, Field(max_length=40)] = None
    email: Annotated[str | None, Field(max_length=320)] = None
    tax_number: Annotated[str | None, Field(max_length=40)] = None
    logo_svg: Annotated[str | None, Field(max_length=65_536)] = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    time_zone: Annotated[str, Field(max_length=64, examples=["America/New_York"])]
    language: Annotated[str, Field(max_length=35, examples=["en-US"])]
    paper: Literal["A4", "Letter"] = "A4"
