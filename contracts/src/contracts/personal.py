"""Which members of events are about a person: marked `x-personal` in the schemas, so that consumers keep them apart.

Every member whose text is free is in one of the two tables; a test sees to it that a new one is put into either.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from contracts.claims import ClaimLine

IDENTITY = frozenset(
    "given_name family_name birth_date gender chart_number patient_given_name patient_family_name patient_birth_date "
    "patient_gender subscriber_id group_name group_number relationship payer_name primary_payer_name provider_name "
    "provider_npi external_reference".split()
)
"""Who a person is, or by whom insured or treated."""
HEALTH = frozenset(["description", "code", "code_system", *ClaimLine.model_fields]) - IDENTITY - {"provider_id"}
"""What was done to a person: all that is said of an act, but by whom."""
WORDS = frozenset(
    "note reason detail doubt document_discount_reason exemption_reason exemption_reasons method_label meaning".split()
)
"""What somebody wrote, which may say anything."""
OF_PART = {
    "PostalAddress": frozenset({"lines", "city", "region", "postal_code"}),
    "ContactPoint": frozenset({"value"}),
    "Payer": frozenset({"name"}),
    "TreatmentPlanAccepted": frozenset({"name"}),
}
"""Members that are personal in these parts only."""
OPAQUE = frozenset(
    "about_event_id about_event_type amount base_quantity billing_provider_name billing_provider_npi "
    "billing_provider_tax_number category city country currency email exact_cause filing_indicator id "
    "invoice_number kind language legal_name lines logo logo_svg name npi number payer_identifier percent "
    "phone postal_code purpose quantity rate reason_code receipt_number_pattern reference region "
    "remittance_reference requested_by sha256 subject tax_category tax_number tax_rate template time_zone "
    "value".split()
)
"""Texts that are about no person: of the business, or opaque (`Actor.subject` is never a name)."""


def is_personal(part: str, member: str) -> bool:
    """Whether a member of an event or part is about a person."""
    return member in IDENTITY | HEALTH | WORDS or member in OF_PART.get(part, ())


def public(node: Any) -> Any:
    """What anybody may know of an event or a part, as JSON has it: without the members that are about a person.

    A member that this release does not know is no member of it, and never comes along.
    """
    if isinstance(node, BaseModel):
        part = type(node)
        return {name: public(getattr(node, name)) for name in part.model_fields if not is_personal(part.__name__, name)}
    if isinstance(node, dict):
        return {name: public(value) for name, value in node.items()}
    if isinstance(node, list | tuple):
        return [public(one) for one in node]
    return to_jsonable_python(node)


def marked(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """The schema of an event or part, of this name, with what is personal marked; its definitions, too."""
    properties = {
        member: said | {"x-personal": True} if is_personal(name, member) else said
        for member, said in schema.get("properties", {}).items()
    }
    definitions = {part: marked(inner, part) for part, inner in schema.get("$defs", {}).items()}
    found = {key: value for key, value in (("properties", properties), ("$defs", definitions)) if value}
    return schema | found


_EMPTIED = frozenset(
    "given_name family_name birth_date gender chart_number patient_given_name patient_family_name patient_birth_date "
    "patient_gender patient_name patient_address address contact_points coverages subscriber note data_base64".split()
)
"""What says who a patient is, where they live and how they are reached, what was noted of them, and what hides it all:
an event in structured mode can carry its data in base64."""
_ALWAYS_TEXT = frozenset({"given_name", "family_name"})


def without_person(data: bytes) -> bytes:
    """The JSON of an event or an answer about a patient without what names them; it can be read as before.

    What was done and what it cost stays: it is of the books. What is no JSON is nothing.
    """
    try:
        return json.dumps(_without(json.loads(data)), separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return b""


def without_payer(data: bytes) -> bytes:
    """What `without_person` leaves, without the name of whoever paid: for those who keep no books of it."""
    left = without_person(data)
    if not left:
        return left
    return json.dumps(_unpaid(json.loads(left)), separators=(",", ":")).encode()


def _unpaid(node: Any) -> Any:
    if isinstance(node, list):
        return [_unpaid(one) for one in node]
    if isinstance(node, dict):
        return {name: _nobody(value) if name == "payer" else _unpaid(value) for name, value in node.items()}
    return node


def _nobody(payer: Any) -> Any:
    """A payer, of whom is left what it is, not who."""
    return payer | {"name": None} if isinstance(payer, dict) else None


def _without(node: Any) -> Any:
    if isinstance(node, list):
        return [_without(one) for one in node]
    if isinstance(node, dict):
        return {name: _emptied(name, value) if name in _EMPTIED else _without(value) for name, value in node.items()}
    return node


def _emptied(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return []
    return "" if name in _ALWAYS_TEXT else None
