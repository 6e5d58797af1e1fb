"""Decide on a requested credit: another person approves or rejects it, or the requester withdraws it (`PAY-15`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from invoicing.announcements.credit_requests import announce_credit_decided
from invoicing.domain.credit_request import CreditRequest
from invoicing.domain.credit_request_errors import CreditRequestOutdated
from invoicing.domain.errors import CreditExceedsInvoice, NotFound, NothingOutstanding
from invoicing.domain.note import Note
from invoicing.persistence import credit_requests
from invoicing.use_cases.credit_invoice import credit_invoice
from invoicing.use_cases.request_credit import UNDO, VOID, wanted_of
from invoicing.use_cases.undo_note import undo_note
from invoicing.use_cases.void_invoice import void_invoice

Decision = Literal["approve", "reject", "withdraw"]


@dataclass(frozen=True, slots=True)
class DecideOnCredit:
    """What is decided on which request, and why."""

    request_id: UUID
    decision: Decision
    reason: str = ""


async def decide_on_credit(work: Work, command: DecideOnCredit) -> CreditRequest:
    """Decide; an approval makes the credit note, or the invoice void, at once, decided anew under its locks.

    Approving twice is once.

    Raises NotFound, CreditRequestDecided, SecondPersonNeeded, NotTheRequester, CreditRequestOutdated, and whatever
    refuses the credit note by now: the request then stays as it is.
    """
    request = await credit_requests.lock(work.connection, command.request_id)
    if request is None:
        raise NotFound("credit request", command.request_id)
    if command.decision == "approve":
        if request.state == "completed" and request.decided_by == work.actor:
            return request
        request.complete(work.actor, work.now)
        request.note_id = await _carried_out(work, request)
    elif command.decision == "reject":
        request.reject(work.actor, work.now, command.reason)
    else:
        request.withdraw(work.actor, work.now, command.reason)
    await credit_requests.save(work.connection, request)
    announce_credit_decided(work, request)
    return request


async def _carried_out(work: Work, request: CreditRequest) -> UUID | None:
    """The note that was made; none where the invoice is void now. Raises CreditRequestOutdated.

    Where less is left by now, that is what it would come to: the approval names no amount that could be at fault.
    """
    try:
        total, note = await _made(work, request)
    except (NothingOutstanding, CreditExceedsInvoice) as error:
        left = error.left.minor if isinstance(error, CreditExceedsInvoice) else 0
        if getattr(error, "field", None) not in (None, "amount"):
            raise
        total, note = left, None
    if total != request.total:
        raise CreditRequestOutdated(Money(request.total, request.currency), Money(total, request.currency))
    return note.id if note else None


async def _made(work: Work, request: CreditRequest) -> tuple[int, Note | None]:
    """What was credited, and by which note."""
    if request.kind == VOID:
        return (await void_invoice(work, request.invoice_id, request.reason, approved=True)).asked, None
    if request.kind == UNDO:
        _, note = await undo_note(work, UUID(request.wanted["note_id"]), "debit", request.reason, approved=True)
    else:
        _, note = await credit_invoice(work, wanted_of(request))
    return note.amounts.total, note
