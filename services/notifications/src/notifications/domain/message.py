"""One message to one recipient by one channel about one event, and what became of it (`NOT-3`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from notifications.domain.errors import ResendRefused
from notifications.domain.notice import ONLY_STEP, Document, Notice, Priority
from notifications.domain.settings import Channel


class State(StrEnum):
    """Where a message is on its way."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    """Handed to the provider just now; committed before it is, so that a crash cannot make it go out twice."""
    RETRYING = "retrying"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    UNKNOWN = "unknown"
    """The provider may or may not have taken it: a person decides whether it is sent again."""
    BOUNCED = "bounced"
    """The provider took it, and it came back: it did not arrive (`NOT-8.4`)."""


WAITING = (State.PLANNED, State.RETRYING)
RESENDABLE = (State.SUPPRESSED, State.REFUSED, State.GIVEN_UP, State.UNKNOWN)
REPEATABLE = (State.SENT, State.BOUNCED)
"""What was handed over is sent again as a copy: what became of it stays as it is."""
ON_THE_WAY = (*WAITING, State.CLAIMED)


class Cause(StrEnum):
    """Why a message was not sent."""

    NO_CONSENT = "no_consent"
    NO_ADDRESS = "no_address"
    SWITCHED_OFF = "switched_off"
    NO_LONGER_TRUE = "no_longer_true"
    ADDRESS_SUPPRESSED = "address_suppressed"
    """What was sent to the only address that is allowed for it came back for good (`NOT-8.2`)."""


@dataclass(frozen=True)
class Subject:
    """What a message is about: enough to say it, and to look again whether it is still true (`NOT-4`).

    Ids, numbers and amounts only; names and addresses are read when it is sent.
    """

    number: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    at: datetime | None = None
    due_date: str | None = None
    transaction_id: UUID | None = None
    invoice_id: UUID | None = None
    plan_id: UUID | None = None
    plan_version: int | None = None
    installment_id: UUID | None = None
    position: int | None = None
    installments: int | None = None
    outstanding_minor: int | None = None
    """What the invoice asked for when the event was announced."""
    agreed_minor: int | None = None
    """Of a plan: what its installments ask the patient for, as it was agreed. What an older release kept has it not."""
    document: Document | None = None
    document_id: UUID | None = None
    level: int | None = None
    """Which reminder of what is overdue it is, from the second on (`NOT-9`)."""
    invoice_number: str | None = None
    """Of which invoice the note is that it is about."""
    reopened: tuple[Mapping[str, Any], ...] = ()
    """Invoices that a cancellation opened again: `{"number", "outstanding_minor", "reopened_minor"}`.

    Of an insured invoice more can be outstanding than was reopened, and that is the insurers' (`INS-4`). What an older
    release kept does not say what was reopened.
    """


@dataclass(frozen=True)
class Attempt:
    """One line of a message's history; only ever added."""

    message_id: UUID
    clinic_id: UUID
    number: int
    outcome: str
    detail: str | None
    at: datetime
    by_subject: str


@dataclass(frozen=True)
class Message:
    """A row of the log."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    about_event_id: str
    about_event_type: str
    notice: Notice
    step: str
    channel: Channel
    recipient: str
    """Whom it is for, as an opaque id: what makes it one message, whatever address they have."""
    subject: Subject
    state: State
    planned_at: datetime
    next_attempt_at: datetime | None
    attempts: int = 0
    first_failed_at: datetime | None = None
    cause: Cause | None = None
    address: str | None = None
    contact_of: UUID | None = None
    """The patient's other record whose address that is, where it is not this one's own (`ALL-10`)."""
    template: str | None = None
    template_version: int = 0
    language: str | None = None
    provider_answer: str | None = None
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    version: int = 1
    priority: Priority = Priority.DOCUMENTS
    copy_of: UUID | None = None
    """The message that this one repeats, because somebody asked for it by hand after it was sent (`NOT-8.3`)."""

    def attempt(self, outcome: str, detail: str | None, *, at: datetime, by: str) -> Attempt:
        """A line of its history, of the attempt that it is at."""
        return Attempt(self.id, self.clinic_id, self.attempts, outcome, detail, at, by)

    def refuse_if_on_the_way(self) -> None:
        """Raise ResendRefused for what is waiting, or being handed over just now."""
        if self.state in ON_THE_WAY:
            raise ResendRefused(self.state)

    def copy(self, copy_id: UUID, now: datetime) -> Message:
        """The same once more, as a message of its own: what became of the first stays as it is (`NOT-8.3`)."""
        return Message(
            id=copy_id,
            clinic_id=self.clinic_id,
            patient_id=self.patient_id,
            about_event_id=self.about_event_id,
            about_event_type=self.about_event_type,
            notice=self.notice,
            step=step_of(copy_id, self.id),
            channel=self.channel,
            recipient=self.recipient,
            subject=self.subject,
            state=State.PLANNED,
            planned_at=now,
            next_attempt_at=now,
            traceparent=self.traceparent,
            tracestate=self.tracestate,
            priority=Priority.URGENT,
            copy_of=self.copy_of or self.id,
        )


def step_of(message_id: UUID, copy_of: UUID | None, level: int | None = None) -> str:
    """What makes a message one of its event: told once at each level, but for copies by hand (`NOT-3.1`)."""
    if copy_of is not None:
        return f"copy:{message_id}"
    return ONLY_STEP if level is None else f"level:{level}"


def template_of(notice: Notice, level: int | None, *parts: str) -> str:
    """A text's name in the log and in events: `invoice_overdue.en.level-2`."""
    return ".".join((notice, *parts, *((f"level-{level}",) if level else ())))


def level_in(template: str) -> int | None:
    """Which level a template's name says."""
    _, found, level = template.rpartition(".level-")
    return int(level) if found and level.isdecimal() else None


@dataclass(frozen=True)
class DueMessage:
    """A message that is due, as the queue knows it."""

    message_id: UUID
    clinic_id: UUID


@dataclass(frozen=True)
class MessageFilter:
    """Which messages: all of what is given has to fit. `until` is not included."""

    patients: Sequence[UUID] | None = None
    """All records of the register that are one patient (`ALL-10`)."""
    event_id: str | None = None
    states: Sequence[State] | None = None
    notice: Notice | None = None
    since: datetime | None = None
    until: datetime | None = None
