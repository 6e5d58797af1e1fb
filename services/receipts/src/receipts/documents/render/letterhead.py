"""The letterhead and the frame that all documents share."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from receipts.documents.content.people import Party
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.logo import initials, is_wide, logo_of
from receipts.domain.people import Clinic, Paper

LOGO = "logo"
Assets = dict[str, tuple[str, bytes]]


def frame(
    formats: Formatting,
    clinic: Clinic,
    *,
    title: str,
    heading: str,
    number: str,
    paper: Paper,
    number_label: str | None = None,
) -> dict[str, Any]:
    """What every template needs: language, direction, paper, title, letterhead, and the words.

    What has no number is told from others of its kind by something else, a day, with a label of its own.
    """
    return {
        "language": formats.language,
        "direction": "rtl" if formats.right_to_left else "ltr",
        "paper": paper.lower(),
        "title": title,
        "heading": heading,
        "number_label": number_label or formats.words["number"],
        "number": formats.verbatim(number) if number_label is None else number,
        "note_label": formats.words["note"],
        "words": formats.words,
        "clinic": _letterhead(formats, clinic),
    }


def _letterhead(formats: Formatting, clinic: Clinic) -> dict[str, Any]:
    contact = [formats.verbatim(part) for part in (clinic.phone, clinic.email) if part]
    details = formats.address(clinic.address)
    if clinic.legal_name and clinic.legal_name != clinic.name:
        details.insert(0, formats.own(clinic.legal_name))
    if contact:
        details.append(" · ".join(contact))
    if clinic.tax_number:
        label = formats.words["vat_number" if clinic.vat_number else "tax_number"]
        details.append(f"{label} {formats.verbatim(clinic.tax_number)}")
    logo = logo_of(clinic)
    return {
        "name": formats.own(clinic.name),
        "line": " · ".join([formats.own(clinic.name), *contact]),
        "details": details,
        "logo": f"asset:{LOGO}" if logo else None,
        "wide": logo is not None and is_wide(logo),
        "initials": initials(clinic.name),
    }


def assets_of(clinic: Clinic) -> Assets:
    """What the template may load: the clinic's logo, drawn."""
    logo = logo_of(clinic)
    return {LOGO: logo} if logo else {}


def party(formats: Formatting, who: Party, clinic: Clinic) -> dict[str, Any]:
    """A person's name and address."""
    home = clinic.address.country if clinic.address else None
    return {"name": formats.own(who.name), "address": formats.address(who.address, home=home)}


def midnight(day: date) -> str:
    """The beginning of a day as a document's metadata has it: when a document that knows only its day was made."""
    return datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
