"""The file that an invoice or note carries, and what the PDF's metadata says of it (Factur-X 1.0, ZUGFeRD 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from receipts.documents.facturx.bill import Bill, unsayable
from receipts.documents.facturx.cross_industry_invoice import cross_industry_invoice

NAME = "factur-x.xml"
PROFILE = "Factur-X, EN 16931"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = {
    "DocumentType": ("INVOICE", "The type of the hybrid document"),
    "DocumentFileName": (NAME, "The name of the embedded XML document"),
    "Version": ("1.0", "The version of the standard"),
    "ConformanceLevel": ("EN 16931", "The profile of the embedded XML document"),
}
"""Of the metadata: each property's value, and what it is."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """The XML, and the day that it is of."""

    xml: bytes
    day: date


def attachment_of(bill: Bill) -> Attachment | None:
    """What is attached; nothing where EN 16931 cannot say the bill: a false one would be worse than none."""
    if unsayable(bill):
        return None
    return Attachment(cross_industry_invoice(bill), bill.issued_on)
