"""Messages, their history and their proof as they go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from chassis.http import ResponseBody
from chassis.proof import Proven
from pydantic import BaseModel, Field

from notifications.domain.masking import masked
from notifications.domain.message import Attempt, Cause, Message, State
from notifications.domain.notice import Notice, Purpose
from notifications.domain.settings import Channel
from notifications.domain.suppressed_address import SuppressedAddress

_OF_SUBJECT = ("transaction_id", "number", "invoice_id", "invoice_number")


class MessageOut(BaseModel):
    """One line of the log (`NOT-6`). The recipient is masked."""

    id: UUID
    patient_id: UUID
    notice: Notice
    about_event_id: str
    about_event_type: str
    channel: Channel
    recipient: str | None
    state: State
    cause: Cause | None
    template: str | None
    template_version: int
    language: str | None
    attempts: int
    provider_answer: str | None
    planned_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    copy_of: UUID | None = None
    transaction_id: Annotated[
        UUID | None, Field(description="Whose receipt it is, or was to be; null where it is about something else.")
    ] = None
    number: Annotated[
        str | None,
        Field(description="The number of what it is about, an invoice, a note or a receipt; null where that has none."),
    ] = None
    invoice_id: Annotated[
        UUID | None,
        Field(description="The invoice that it is about, or that its note or plan is of; null where it is of none."),
    ] = None
    invoice_number: Annotated[
        str | None, Field(description="That invoice's number; null where it is about none, as a receipt is not.")
    ] = None

    @classmethod
    def of(cls, message: Message) -> MessageOut:
        """As the wire has it."""
        return cls.model_construct(**cls._members(message))

    @classmethod
    def _members(cls, message: Message) -> dict[str, Any]:
        about = {name: getattr(message.subject, name) for name in _OF_SUBJECT}
        if message.subject.invoice_id and not message.notice.is_of_note:
            about["invoice_number"] = message.subject.number
        own = set(MessageOut.model_fields) - {"recipient", *about}
        shown = {name: getattr(message, name) for name in own} | about
        return shown | {"recipient": masked(message.address) if message.address else None}


class AttemptOut(BaseModel):
    """One line of a message's history."""

    number: int
    at: datetime
    outcome: str
    detail: str | None
    by: str

    @classmethod
    def of(cls, attempt: Attempt) -> AttemptOut:
        """As the wire has it."""
        shown = {name: getattr(attempt, name) for name in cls.model_fields if name != "by"}
        return cls.model_construct(**shown, by=attempt.by_subject)


class MessageWithHistory(MessageOut):
    """One message and all that happened to it, oldest first."""

    history: list[AttemptOut]

    @classmethod
    def with_history(cls, message: Message, history: list[Attempt]) -> MessageWithHistory:
        """As the wire has it."""
        return cls.model_construct(**cls._members(message), history=[AttemptOut.of(attempt) for attempt in history])


class SuppressedAddressOut(ResponseBody):
    """An address that nothing is sent to, since when and why, and who lifted that. The address is masked."""

    id: UUID
    patient_id: UUID
    channel: Channel
    address: str | None
    status: str
    """The enhanced status (RFC 3463) of what came back (`5.1.1`, no such mailbox), or `unsubscribed`."""
    purpose: Purpose | None
    """What is not sent there: `reminders` to who unsubscribed from them, everything where it is null."""
    message_id: UUID
    """The message that came back, or that they unsubscribed by."""
    suppressed_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    lift_reason: str | None

    @classmethod
    def of(cls, found: SuppressedAddress) -> SuppressedAddressOut:
        """As the wire has it."""
        return cls.named(found, address=masked(found.address) if found.address else None)


class DifferenceOut(BaseModel):
    """Two figures that should be one."""

    what: str
    expected: str
    found: str


class ProofOut(BaseModel):
    """What the log of messages adds up to; proven when there is no difference (`ALL-8`)."""

    proven: bool
    counts: dict[State, int]
    due: int
    oldest_claim_at: datetime | None
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, proven: Proven, due: int, oldest_claim_at: datetime | None) -> ProofOut:
        """As the wire has it."""
        differences = [DifferenceOut.model_validate(found, from_attributes=True) for found in proven.differences]
        told = {"counts": proven.counts, "due": due, "oldest_claim_at": oldest_claim_at}
        return cls.model_validate({"proven": not differences, "differences": differences, **told})
