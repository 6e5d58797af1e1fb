"""The check just before sending: is it still to be said, to whom, and may it be said now (`NOT-2`, `NOT-4`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from chassis.clock import today
from chassis.typed import says_something

from notifications.domain.addresses import dialable, is_mailable
from notifications.domain.amount_due import amount_due
from notifications.domain.facts import ContactPoint, Facts, InvoiceFacts, Patient
from notifications.domain.message import Cause, Message
from notifications.domain.notice import Notice, Purpose
from notifications.domain.retrying import GIVEN_UP_AFTER, delay_while_unknown
from notifications.domain.settings import Channel, DocumentDelivery, NoticeSettings

PATIENT_AWAITED: Final = timedelta(hours=1)
"""How long a message waits for its patient to be announced by the register, before there is no address."""
PAYMENT_AWAITED: Final = timedelta(seconds=5)
"""How long a receipt waits for its payment: its event was published first and can only be some batches behind."""


@dataclass(frozen=True)
class SendCheck:
    """One message and the facts."""

    message: Message
    facts: Facts
    contact_of: UUID | None = None
    """The record that the patient goes on in and is reached as, where that is another than the message's."""

    @property
    def may_have_document(self) -> bool:
        """Whether its recipient allowed documents there: a reminder goes out without what they did not allow."""
        if self.facts.patient is None:
            return False
        found = _contact_of(self.message, self.facts.patient, self.facts)
        return isinstance(found, ContactPoint) and Purpose.DOCUMENTS in found.consents

    @property
    def wants_attachment(self) -> bool:
        """Whether a document has to be fetched before the message can be sent (`NOT-5`)."""
        by_mail = self.message.channel is Channel.EMAIL
        attached = by_mail and self.facts.settings.documents is DocumentDelivery.ATTACHED
        return attached and self.message.subject.document is not None and self.may_have_document


@dataclass(frozen=True)
class Send:
    """It goes out, to this address."""

    address: str


@dataclass(frozen=True)
class Suppress:
    """It does not go out, and the log says why."""

    cause: Cause


@dataclass(frozen=True)
class Fail:
    """It never can go out: the only address that is allowed for it can never be mailed (`NOT-8.1`)."""


@dataclass(frozen=True)
class Defer:
    """Not now: the check is made again at `until`."""

    until: datetime


Decision = Send | Suppress | Fail | Defer


def pre_send_check(message: Message, facts: Facts, now: datetime) -> Decision:
    """Decide on one due message from what is known now."""
    settings = facts.settings.of(message.notice)
    # A copy was asked for by hand, whatever the clinic tells by itself (`NOT-8.3`).
    is_wanted = is_switched_on(settings, message.channel) and settings.at_level(message.subject.level) is not None
    if message.copy_of is None and not is_wanted:
        return Suppress(Cause.SWITCHED_OFF)
    if not _still_true(message, facts, now):
        return Suppress(Cause.NO_LONGER_TRUE)
    waited = now - message.planned_at
    if _something_is_awaited(message, facts, waited):
        return Defer(now + delay_while_unknown(waited))
    return _reach(message, facts, now)


def is_switched_on(settings: NoticeSettings, channel: Channel) -> bool:
    """Whether the clinic wants this notice by this channel."""
    return settings.enabled and channel in settings.channels


def contact_for(
    points: Sequence[ContactPoint], channel: str, purpose: Purpose, suppressed: Collection[str] = ()
) -> ContactPoint | Cause | None:
    """The patient's first way of a channel that they allowed for the purpose, or why there is none.

    None where all that they allowed can never be mailed. What is `suppressed` is passed over (`NOT-8.2`).
    """
    of_channel = [point for point in points if point.channel == channel and says_something(point.value)]
    allowed = [point for point in of_channel if purpose in point.consents]
    if not allowed:
        return Cause.NO_CONSENT if of_channel else Cause.NO_ADDRESS
    usable = [point for point in allowed if _works(point)]
    left = [point for point in usable if point.value not in suppressed]
    if usable and not left:
        return Cause.ADDRESS_SUPPRESSED
    return left[0] if left else None


def _contact_of(message: Message, patient: Patient, facts: Facts) -> ContactPoint | Cause | None:
    purpose, points = message.notice.purpose, patient.contact_points
    if purpose is Purpose.REMINDERS and facts.unsubscribed:
        points = tuple(_without_reminders(point) if point.value in facts.unsubscribed else point for point in points)
    return contact_for(points, message.channel, purpose, facts.suppressed)


def _without_reminders(point: ContactPoint) -> ContactPoint:
    """The consent that its owner took back by a link counts, whatever the register still says."""
    return replace(point, consents=tuple(consent for consent in point.consents if consent != Purpose.REMINDERS))


def _works(point: ContactPoint) -> bool:
    return is_mailable(point.value) if point.channel == Channel.EMAIL else dialable(point.value) is not None


def _still_true(message: Message, facts: Facts, now: datetime) -> bool:
    """Nothing goes out about what was paid or cancelled meanwhile, but the cancellation itself (`NOT-4`)."""
    if message.notice in (Notice.PAYMENT_RECORDED, Notice.PAYMENT_REFUNDED):
        return facts.transaction is None or facts.transaction.stands
    if message.notice is Notice.INVOICE_ISSUED and facts.invoice is not None:
        is_told = message.copy_of is not None or not _is_settled(facts.invoice)
        return not facts.invoice.is_void and is_told
    if message.notice.is_of_note:
        return facts.invoice is None or not facts.invoice.is_void
    if message.notice.asks_for_payment:
        return _still_asked_for(message, facts) and _in_its_days(message, facts, now)
    return True


def _still_asked_for(message: Message, facts: Facts) -> bool:
    """Something of it is unpaid, and the plan that it is of, or the invoice that has none, is as it was told."""
    if facts.invoice is not None and facts.invoice.is_void:
        return False
    subject, plan = message.subject, facts.plan
    if message.notice is Notice.INVOICE_OVERDUE and plan is not None:
        return False
    if plan is not None and message.notice is not Notice.PLAN_CANCELLED:
        if not plan.live or (subject.plan_version is not None and plan.version > subject.plan_version):
            return False
        if subject.installment_id is not None and not plan.has(subject.installment_id):
            return False
    return (amount_due(message, facts) or 0) > 0


def _in_its_days(message: Message, facts: Facts, now: datetime) -> bool:
    """What is due soon is so until the day before, what is due until its day is over; then the next reminder says it.

    A clinic that has it told some days later gives it so many days more.
    """
    last = {Notice.INSTALLMENT_DUE_SOON: -1, Notice.INSTALLMENT_DUE: 0}.get(message.notice)
    if last is None or facts.clinic is None or message.subject.due_date is None:
        return True
    days = timedelta(days=last + facts.settings.of(message.notice).offset_days)
    return today(now, facts.clinic.time_zone) <= date.fromisoformat(message.subject.due_date) + days


def _is_settled(invoice: InvoiceFacts) -> bool:
    """A total of zero was never to be paid: that invoice is a document like any other."""
    return bool(invoice.total_minor) and invoice.outstanding_minor <= 0


def _something_is_awaited(message: Message, facts: Facts, waited: timedelta) -> bool:
    if facts.clinic is None:
        return waited < GIVEN_UP_AFTER
    if facts.patient is None:
        return waited < PATIENT_AWAITED
    return message.subject.transaction_id is not None and facts.transaction is None and waited < PAYMENT_AWAITED


def _reach(message: Message, facts: Facts, now: datetime) -> Decision:
    if facts.patient is None or facts.clinic is None:
        return Suppress(Cause.NO_ADDRESS)
    found = _contact_of(message, facts.patient, facts)
    if not isinstance(found, ContactPoint):
        return Fail() if found is None else Suppress(found)
    quiet = facts.settings.quiet_hours
    zone = facts.patient.time_zone or facts.clinic.time_zone
    until = quiet.ended_by(now, zone) if quiet is not None else None
    return Send(found.value.strip()) if until is None else Defer(until)
