"""What the services have already of an extract: a second play of the same data sends only what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from local_stack.practice.api import Api


@dataclass
class Recorded:
    """Which visits have an invoice, which decisions and which payments are in, by (clinic, external reference)."""

    invoices: dict[UUID, UUID] = field(default_factory=dict)
    references: set[tuple[UUID, str]] = field(default_factory=set)
    decisions: set[UUID] = field(default_factory=set)
    """The insurers' decisions that invoicing has, applied or set aside."""


async def already_recorded(api: Api, clinic_id: UUID, recorded: Recorded) -> None:
    """Add what one clinic has."""
    async for invoice in api.pages("invoicing", clinic_id, "/v1/invoices"):
        if invoice["appointment_id"] and invoice["status"] not in ("draft", "void"):
            recorded.invoices[UUID(invoice["appointment_id"])] = UUID(invoice["id"])
    for path in ("/v1/insurance-decisions", "/v1/set-aside-decisions"):
        async for decision in api.pages("invoicing", clinic_id, path):
            recorded.decisions.add(UUID(decision["decision_id"]))
    async for payment in api.pages("payments", clinic_id, "/v1/payments"):
        if payment["external_reference"]:
            recorded.references.add((clinic_id, payment["external_reference"]))
