"""Clinics as the billing services know them: announced by invoicing, the keeper of a clinic's settings (`INV-11`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contracts.addresses import PostalAddress
from contracts.claims import Npi
from contracts.event import Count, CurrencyCode, Day, Event, Text, Version, event

TOPIC = "billing.clinics.v1"


@event("billing.clinic.configured.v1", TOPIC)
class ClinicConfigured(Event):
    """A clinic's settings as they are now; each event carries the whole of it, the highest `version` is the truth."""

    version: Version
    """Grows by one with each change of the settings; equals the header `ce_sequence`."""
    name: Annotated[Text, Field(max_length=200, examples=["Maple Street Dental"])]
    """The name that patients know, printed on every document."""
    legal_name: Annotated[Text | None, Field(max_length=200)] = None
    """The name of the legal person behind the clinic, where it differs."""
    address: PostalAddress | None = None
    """As printed on every document (`RCP-2`)."""
    phone: Annotated[Text | None, Field(max_length=40)] = None
    """As printed on documents."""
    email: Annotated[Text | None, Field(max_length=320)] = None
    """As printed on documents, and where answers to the clinic's emails go."""
    tax_number: Annotated[Text | None, Field(max_length=40)] = None
    """The clinic's tax number, printed on every document (`RCP-2`)."""
    npi: Npi | None = None
    logo_svg: Annotated[Text | None, Field(max_length=65_536)] = None
    """The logo as an SVG document without references to anything outside itself, where it was given as one."""
    logo: Annotated[Text | None, Field(max_length=87_384)] = None
    """The logo as it is printed, drawn when it was saved: a PNG or JPEG in base64, at most 1134 by 378 pixels."""
    currency: CurrencyCode
    time_zone: Annotated[Text, Field(max_length=64, examples=["America/New_York"])]
    """IANA name; it decides what "today" is for the clinic."""
    language: Annotated[Text, Field(max_length=35, examples=["en-US"])]
    """BCP 47; documents use it where the patient has no language of their own."""
    paper: Literal["A4", "Letter"] = "A4"
    """The sheet that documents are laid out for."""
    receipt_number_pattern: Annotated[Text, Field(max_length=60)] = "REC-{year}-{number:06}"
    """How receipt numbers are written (`INV-7`)."""
    receipt_shows_note: bool = False
    """Whether a payment's note is printed on its receipt (`RCP-2`)."""
    retention_years: Annotated[Count, Field(ge=6, le=30)] = 10
    """For how many whole years, after the one that it is of, a document is kept; then it is deleted (`ALL-9`)."""
    books_closed_until: Day | None = None
    """Nothing is dated before this day (`INV-11`)."""
