"""Ask for a credit above the clinic's limit, which another person has to approve (`PAY-15`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from invoicing.announcements.credit_requests import announce_credit_requested
from invoicing.domain.credit_request import CreditRequest
from invoicing.domain.credit_request_errors import CreditNeedsApproval
from invoicing.domain.errors import NotFound
from invoicing.persistence import credit_requests, invoices
from invoicing.use_cases.credit_invoice import CreditedLine, CreditInvoice

UNDO, VOID = "undo_debit_note", "void"


@dataclass(frozen=True, slots=True)
class UndoDebitNote:
    """Which debit note is to be undone, and why."""

    note_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class VoidInvoice:
    """Which invoice is to become void, and why."""

    invoice_id: UUID
    reason: str


async def request_credit(
    work: Work, wanted: CreditInvoice | UndoDebitNote | VoidInvoice, above: CreditNeedsApproval
) -> CreditRequest:
    """Enter a request for what could be credited but for the limit. Nothing is reserved. Raises NotFound."""
    if isinstance(wanted, UndoDebitNote):
        invoice_id = await invoices.invoice_of_note(work.connection, wanted.note_id, "debit")
        if invoice_id is None:
            raise NotFound("debit note", wanted.note_id)
        kind = UNDO
        said: dict[str, object] = {"note_id": str(wanted.note_id)}
    elif isinstance(wanted, VoidInvoice):
        invoice_id, kind, said = wanted.invoice_id, VOID, {}
    else:
        invoice_id, kind, said = wanted.invoice_id, wanted.kind, _said(wanted)
    invoice = await invoices.find(work.connection, invoice_id)
    request = CreditRequest(
        id=new_id(),
        invoice_id=invoice_id,
        patient_id=invoice.patient_id,
        kind=kind,
        wanted=said,
        total=above.total.minor,
        limit=above.limit.minor,
        currency=above.limit.currency,
        reason=wanted.reason,
        requested_by=work.actor,
        requested_at=work.now,
    )
    await credit_requests.add(work.connection, work.clinic_id, request)
    announce_credit_requested(work, request)
    return request


def wanted_of(request: CreditRequest) -> CreditInvoice:
    """What was asked for, as it is carried out once it is approved."""
    return CreditInvoice(
        request.invoice_id,
        request.kind,  # type: ignore[arg-type]  # it was one of them when it was asked for
        request.reason,
        _money(request.wanted["amount"], request.currency),
        tuple(CreditedLine(UUID(line), _money(minor, request.currency)) for line, minor in request.wanted["lines"]),
        approved=True,
    )


def _said(wanted: CreditInvoice) -> dict[str, object]:
    return {
        "amount": _minor(wanted.amount),
        "lines": [[str(line.line_id), _minor(line.amount)] for line in wanted.lines],
    }


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
