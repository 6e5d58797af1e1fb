"""Credits that wait for a second person, and what became of them: announced as requests for refunds are (`PAY-15`)."""

from __future__ import annotations

from typing import Any

from chassis.database import Work
from contracts.credit_requests import CreditApproved, CreditRejected, CreditRequested
from contracts.event import Actor

from invoicing.announcements.wire import amount
from invoicing.domain.credit_request import CreditRequest


def announce_credit_requested(work: Work, request: CreditRequest) -> None:
    """Somebody asked for a credit above the limit."""
    event = CreditRequested(**_shared(work, request, request.reason), limit=amount(request.limit, request.currency))
    work.announce(event, subject=request.id, sequence=1)


def announce_credit_decided(work: Work, request: CreditRequest) -> None:
    """It was approved, and carried out, or will not be made."""
    by = request.requested_by
    event: CreditApproved | CreditRejected
    if request.state == "completed":
        event = CreditApproved(
            **_shared(work, request, request.reason), requested_by=by, credit_note_id=request.note_id
        )
    else:
        event = CreditRejected(
            **_shared(work, request, request.decision_reason), requested_by=by, outcome=request.state
        )
    work.announce(event, subject=request.id, sequence=2)


def _shared(work: Work, request: CreditRequest, why: str | None) -> dict[str, Any]:
    return {
        "clinic_id": work.clinic_id,
        "occurred_at": work.now,
        "request_id": request.id,
        "patient_id": request.patient_id,
        "invoice_id": request.invoice_id,
        "kind": request.kind,
        "amount": amount(request.total, request.currency),
        "by": Actor(subject=work.actor, reason=why),
    }
