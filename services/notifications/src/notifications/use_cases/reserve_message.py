"""Reserve one message: the last check in the transaction that makes it ours, committed before it is sent (`NOT-3`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import quote
from uuid import UUID

from chassis.database import Work, forgotten

from notifications.channels.channel import Attachment, Channels, Composed, Content
from notifications.domain.message import WAITING, Message, State, Subject
from notifications.domain.notice import Document
from notifications.domain.payment_details import PaymentDetails
from notifications.domain.pre_send_check import Send, SendCheck, pre_send_check
from notifications.domain.settings import DocumentDelivery
from notifications.persistence import messages
from notifications.persistence.send_checks import load_send_checks

_KINDS: Final = {
    Document.RECEIPT: "receipts",
    Document.INVOICE: "invoices",
    Document.PLAN: "installment-plans",
    Document.CREDIT_NOTE: "credit-notes",
    Document.DEBIT_NOTE: "debit-notes",
}
RESERVATION_LASTS: Final = timedelta(seconds=60)
"""Longer than handing over may take; after it, the outcome of a claim that nobody closed is unknown."""

_RESERVED: Final = (
    "id",
    "state",
    "attempts",
    "address",
    "contact_of",
    "template",
    "template_version",
    "language",
    "claimed_at",
    "next_attempt_at",
)
"""What a reservation changes of a message."""


@dataclass(frozen=True)
class ReserveMessage:
    """The message, the document that was fetched for it, and how the clinic is paid."""

    message_id: UUID
    pdf: bytes | None
    payment: PaymentDetails | None = None


@dataclass(frozen=True)
class Reserved:
    """A message that is ours to send, once."""

    message: Message
    composed: Composed


async def reserve_message(work: Work, command: ReserveMessage, channels: Channels) -> Reserved | None:
    """Check a last time and reserve; None where it is not to be sent now, or somebody else has it."""
    # Who forgets the record that it goes to sees what is written here, or this check sees that it is forgotten (ALL-9).
    await forgotten.wait_for_turn(work.connection, [work.clinic_id])
    checks = await load_send_checks(work.connection, [command.message_id])
    if not checks or checks[0].message.state not in WAITING:
        return None
    check = replace(checks[0], facts=replace(checks[0].facts, payment=command.payment))
    decision = pre_send_check(check.message, check.facts, work.now)
    if not isinstance(decision, Send) or (check.wants_attachment and command.pdf is None):
        # What changed in the moment since the first check is settled by the next one.
        await messages.defer(work, {check.message.id: work.now})
        work.ring(messages.BELL)
        return None
    composed = channels[check.message.channel].compose(_content(check, decision.address, command.pdf))
    return await _reserve(work, check, decision.address, composed)


async def _reserve(work: Work, check: SendCheck, address: str, composed: Composed) -> Reserved:
    message = check.message
    ours = replace(
        message,
        state=State.CLAIMED,
        attempts=message.attempts + 1,
        address=address,
        contact_of=check.contact_of,
        template=composed.template,
        template_version=composed.template_version,
        language=composed.language,
        claimed_at=work.now,
        next_attempt_at=None,
        version=message.version + 1,
    )
    changed = {name: getattr(ours, name) for name in _RESERVED}
    await messages.change(work, [{**changed, "due_at": work.now + RESERVATION_LASTS}])
    return Reserved(ours, composed)


def _content(check: SendCheck, address: str, pdf: bytes | None) -> Content:
    subject, clinic = check.message.subject, check.facts.clinic
    if clinic is None:
        raise ValueError("a message is composed only for a clinic that is known")
    if not check.may_have_document:
        told = replace(check.message, subject=replace(subject, document=None, document_id=None))
        return Content(told, check.facts, clinic, address, None, None)
    attachment = Attachment(_name(subject), pdf) if pdf is not None else None
    return Content(check.message, check.facts, clinic, address, attachment, _link(check))


def _name(subject: Subject) -> str:
    number = subject.number or "document"
    return f"installment-plan-{number}" if subject.document is Document.PLAN else number


def _link(check: SendCheck) -> str | None:
    settings, subject = check.facts.settings, check.message.subject
    if settings.documents is not DocumentDelivery.LINKED or subject.document is None or not settings.document_link:
        return None
    return settings.document_link.replace("{kind}", _KINDS[subject.document]).replace(
        "{id}", quote(str(subject.document_id))
    )
