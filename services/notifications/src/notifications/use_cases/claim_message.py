"""Claim one message: the last look in the transaction that makes it ours, committed before it is sent (`NOT-3`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import quote
from uuid import UUID

from chassis.database import Work, forgotten

from notifications.channels.channel import Attachment, Channels, Composed, Content
from notifications.domain.last_look import Send, last_look
from notifications.domain.message import WAITING, Message, State, Subject
from notifications.domain.notice import Document
from notifications.domain.settings import DocumentDelivery
from notifications.persistence import messages
from notifications.persistence.looks import Look, look_at
from notifications.use_cases.look_at_due import wants_attachment

_KINDS: Final = {
    Document.RECEIPT: "receipts",
    Document.INVOICE: "invoices",
    Document.PLAN: "installment-plans",
}
CLAIM_LASTS: Final = timedelta(seconds=60)
"""Longer than handing over may take; after it, the outcome of a claim that nobody closed is unknown."""


@dataclass(frozen=True)
class ClaimMessage:
    """The message, and the document that was fetched for it."""

    message_id: UUID
    pdf: bytes | None


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send, once."""

    message: Message
    composed: Composed


async def claim_message(work: Work, command: ClaimMessage, channels: Channels) -> Claimed | None:
    """Look a last time and claim; None where it is not to be sent now, or somebody else has it."""
    # Who forgets the record that it goes to sees what is written here, or this look sees that it is forgotten (ALL-9).
    await forgotten.wait_for_turn(work.connection, [work.clinic_id])
    looks = await look_at(work.connection, [command.message_id])
    if not looks or looks[0].message.state not in WAITING:
        return None
    look = looks[0]
    decision = last_look(look.message, look.facts, work.now)
    if not isinstance(decision, Send) or (wants_attachment(look) and command.pdf is None):
        # What changed in the moment since the first look is settled by the next one.
        await messages.defer(work, {look.message.id: work.now})
        work.ring(messages.BELL)
        return None
    composed = channels[look.message.channel].compose(_content(look, decision.address, command.pdf))
    return await _claim(work, look, decision.address, composed)


async def _claim(work: Work, look: Look, address: str, composed: Composed) -> Claimed:
    message = look.message
    ours = replace(
        message,
        state=State.CLAIMED,
        attempts=message.attempts + 1,
        address=address,
        contact_of=look.contact_of,
        template=composed.template,
        template_version=composed.template_version,
        language=composed.language,
        version=message.version + 1,
    )
    await messages.settle(
        work,
        message,
        state=ours.state.value,
        attempts=ours.attempts,
        address=ours.address,
        contact_of=ours.contact_of,
        template=ours.template,
        template_version=ours.template_version,
        language=ours.language,
        claimed_at=work.now,
        next_attempt_at=None,
    )
    await messages.queue(work, message, work.now + CLAIM_LASTS)
    return Claimed(ours, composed)


def _content(look: Look, address: str, pdf: bytes | None) -> Content:
    subject, clinic = look.message.subject, look.facts.clinic
    if clinic is None:
        raise ValueError("a message is composed only for a clinic that is known")
    attachment = Attachment(_name(subject), pdf) if pdf is not None else None
    return Content(look.message, look.facts, clinic, address, attachment, _link(look))


def _name(subject: Subject) -> str:
    number = subject.number or "document"
    return f"installment-plan-{number}" if subject.document is Document.PLAN else number


def _link(look: Look) -> str | None:
    settings, subject = look.facts.settings, look.message.subject
    if settings.documents is not DocumentDelivery.LINKED or subject.document is None or not settings.document_link:
        return None
    return settings.document_link.replace("{kind}", _KINDS[subject.document]).replace(
        "{id}", quote(str(subject.document_id))
    )
