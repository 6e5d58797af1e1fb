"""A postal address, wherever an event has one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.event import Part, Text


class PostalAddress(Part):
    """A postal address, as printed on a document."""

    lines: Annotated[tuple[Text, ...], Field(max_length=4, examples=[["12 Harbor Street", "Apt 4"]])]
    """Street, house and apartment, one printed line each."""
    city: Annotated[Text, Field(examples=["Springfield"])]
    """The town."""
    region: Annotated[Text | None, Field(examples=["MA"])] = None
    """State or province, where addresses have one."""
    postal_code: Annotated[Text | None, Field(examples=["01103"])] = None
    """The postal code, where addresses have one."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["US"])]
    """ISO 3166-1, two letters."""
