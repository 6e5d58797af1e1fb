"""What a clinic tells its patients about, and by which purpose of consent (`NOT-1`, `NOT-2`)."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class Purpose(StrEnum):
    """What a patient consents to, per contact point (`NOT-2`)."""

    DOCUMENTS = "documents"
    REMINDERS = "reminders"


class Priority(IntEnum):
    """Which messages of a clinic go out before others that are due (`NOT-3.5`); as it is stored."""

    URGENT = 0
    """Somebody waits for it: it tells of money that moved just now, or was asked for by hand."""
    DOCUMENTS = 1
    REMINDERS = 2
    WEBHOOKS = 3
    """No message to a person: an event on its way to an endpoint, which others deliver (`NOT-7`)."""


class Notice(StrEnum):
    """One thing that a patient is told about."""

    INVOICE_ISSUED = "invoice_issued"
    PAYMENT_RECORDED = "payment_recorded"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYMENT_CANCELLED = "payment_cancelled"
    PAYMENT_CHARGED_BACK = "payment_charged_back"
    REFUND_CANCELLED = "refund_cancelled"
    PLAN_AGREED = "plan_agreed"
    PLAN_CHANGED = "plan_changed"
    PLAN_CANCELLED = "plan_cancelled"
    INSTALLMENT_DUE_SOON = "installment_due_soon"
    INSTALLMENT_DUE = "installment_due"
    INSTALLMENT_OVERDUE = "installment_overdue"
    INVOICE_OVERDUE = "invoice_overdue"
    INVOICE_CREDITED = "invoice_credited"
    INVOICE_DEBITED = "invoice_debited"

    @property
    def purpose(self) -> Purpose:
        """Documents and what takes them back are not silenced by opting out of reminders (`NOT-2`)."""
        return Purpose.REMINDERS if self in _REMINDERS else Purpose.DOCUMENTS

    @property
    def priority(self) -> Priority:
        """Before what else that is due it goes out."""
        if self in _REMINDERS:
            return Priority.REMINDERS
        return Priority.URGENT if self in _OF_MONEY else Priority.DOCUMENTS

    @property
    def asks_for_payment(self) -> bool:
        """Whether it names what is to be paid now, of an installment, a plan or an invoice that is overdue."""
        return self in _REMINDERS or self in _OF_PLANS

    @property
    def may_ask_for_money(self) -> bool:
        """Whether whoever reads it may be to pay something: then it says how (`NOT-11`)."""
        return self.asks_for_payment or self in (Notice.INVOICE_ISSUED, Notice.INVOICE_DEBITED)

    @property
    def on_by_default(self) -> bool:
        """A refund that was a clerk's mistake, and notes, are the clinic's own matter until it chooses to tell."""
        return self is not Notice.REFUND_CANCELLED and not self.is_of_note

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be told again after some days while it is still unpaid (`NOT-9`)."""
        return self in _OVERDUE

    @property
    def carries_document(self) -> bool:
        """Whether it says that a document is with it; a reminder of an invoice can do without."""
        return self in _WITH_DOCUMENT

    @property
    def is_of_note(self) -> bool:
        """Whether it carries a credit or debit note."""
        return self in _OF_NOTES


_REMINDERS: Final = frozenset(
    {
        Notice.INSTALLMENT_DUE_SOON,
        Notice.INSTALLMENT_DUE,
        Notice.INSTALLMENT_OVERDUE,
        Notice.INVOICE_OVERDUE,
    }
)
_OVERDUE: Final = frozenset({Notice.INSTALLMENT_OVERDUE, Notice.INVOICE_OVERDUE})
_OF_NOTES: Final = frozenset({Notice.INVOICE_CREDITED, Notice.INVOICE_DEBITED})
_WITH_DOCUMENT: Final = frozenset(
    {
        Notice.INVOICE_ISSUED,
        Notice.PAYMENT_RECORDED,
        Notice.PAYMENT_REFUNDED,
        Notice.PLAN_AGREED,
        Notice.PLAN_CHANGED,
        *_OF_NOTES,
    }
)
_OF_MONEY: Final = frozenset(
    {
        Notice.PAYMENT_RECORDED,
        Notice.PAYMENT_REFUNDED,
        Notice.PAYMENT_CANCELLED,
        Notice.PAYMENT_CHARGED_BACK,
        Notice.REFUND_CANCELLED,
    }
)
_OF_PLANS: Final = frozenset({Notice.PLAN_AGREED, Notice.PLAN_CHANGED, Notice.PLAN_CANCELLED})


class Document(StrEnum):
    """A PDF that goes with a message; the receipts service keeps it."""

    RECEIPT = "receipt"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    PLAN = "installment_plan"
    """What was agreed in the newest version of an installment plan."""


ONLY_STEP: Final = "once"
"""The step of what is told once. Each reminder of an installment follows an event of its own (`NOT-3`, `PLN-4`); a copy
that somebody asked for is a step of its own (`NOT-8.3`)."""
