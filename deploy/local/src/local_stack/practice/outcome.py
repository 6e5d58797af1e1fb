"""What came out of a day, read from the services' lists: invoices, payments, refunds, receipts, emails, outstanding."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from local_stack.practice.api import Api
from local_stack.practice.at_once import at_once
from local_stack.practice.ledger import Clinic, in_cents

NOT_SENT_YET = frozenset({"planned", "claimed", "retrying"})


@dataclass
class Tally:
    """How many, and how much in cents."""

    count: int = 0
    cents: int = 0

    def add(self, cents: int) -> None:
        """One more."""
        self.count += 1
        self.cents += cents


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """A receipt as receipts lists it."""

    id: str
    clinic: Clinic
    number: str
    kind: str
    state: str
    stored: bool
    transaction_id: str


@dataclass
class Outcome:
    """The day in figures."""

    of_visits: Tally = field(default_factory=Tally)
    by_hand: Tally = field(default_factory=Tally)
    void: Tally = field(default_factory=Tally)
    payments: dict[str, Tally] = field(default_factory=dict)
    refunds: Tally = field(default_factory=Tally)
    cancelled: Tally = field(default_factory=Tally)
    credit: int = 0
    decisions: Tally = field(default_factory=Tally)
    """What insurers decided, and what they pay by it."""
    set_aside: int = 0
    receipts: dict[str, ReceiptShown] = field(default_factory=dict)
    emails: Counter[str] = field(default_factory=Counter)
    outstanding: dict[UUID, int] = field(default_factory=dict)
    clinics: dict[UUID, Clinic] = field(default_factory=dict)

    @property
    def invoices(self) -> int:
        """All invoices that were issued, the void ones too."""
        return self.of_visits.count + self.by_hand.count + self.void.count

    @property
    def recorded(self) -> Tally:
        """All payments that stand."""
        return Tally(sum(t.count for t in self.payments.values()), sum(t.cents for t in self.payments.values()))

    @property
    def stored_receipts(self) -> int:
        """Receipts whose document exists."""
        return sum(receipt.stored for receipt in self.receipts.values())

    @property
    def receipts_due(self) -> int:
        """One for each payment, also a cancelled one, and each refund (`RCP-1`)."""
        return self.recorded.count + self.cancelled.count + self.refunds.count

    @property
    def messages_due(self) -> int:
        """One for each invoice, each receipt, and each payment cancelled (`NOT-1`)."""
        return self.invoices + self.receipts_due + self.cancelled.count

    @property
    def messages_done(self) -> int:
        """Messages that were sent, or will not be for a reason that the log has."""
        return sum(count for state, count in self.emails.items() if state not in NOT_SENT_YET)


async def read_outcome(api: Api, clinics: list[Clinic]) -> Outcome:
    """Read all of these clinics."""
    outcome = Outcome(clinics={clinic.id: clinic for clinic in clinics})

    async def read(clinic: Clinic) -> None:
        async for invoice in api.pages("invoicing", clinic.id, "/v1/invoices"):
            _add_invoice(outcome, clinic, invoice)
        async for payment in api.pages("payments", clinic.id, "/v1/payments"):
            await _add_payment(api, clinic, outcome, payment)
        await read_decisions(api, clinic, outcome)
        await read_receipts(api, clinic, outcome)
        await read_emails(api, clinic, outcome)

    await at_once(clinics, read)
    return outcome


async def read_decisions(api: Api, clinic: Clinic, outcome: Outcome) -> None:
    """Add what insurers decided at one clinic, and how much of it could not be accepted (`INS-3`)."""
    async for decision in api.pages("invoicing", clinic.id, "/v1/insurance-decisions"):
        outcome.decisions.add(in_cents(decision["paid"]["amount"]))
    async for _ in api.pages("invoicing", clinic.id, "/v1/set-aside-decisions", state="open"):
        outcome.set_aside += 1


async def read_receipts(api: Api, clinic: Clinic, outcome: Outcome) -> None:
    """Add what one clinic has of receipts."""
    async for receipt in api.pages("receipts", clinic.id, "/v1/receipts"):
        outcome.receipts[receipt["id"]] = ReceiptShown(
            receipt["id"],
            clinic,
            receipt["number"],
            receipt["kind"],
            receipt["state"],
            receipt["sha256"] is not None,
            receipt["transaction_id"],
        )


async def read_emails(api: Api, clinic: Clinic, outcome: Outcome) -> None:
    """Add what one clinic has of messages."""
    async for message in api.pages("notifications", clinic.id, "/v1/messages"):
        outcome.emails[message["cause"] if message["state"] == "suppressed" else message["state"]] += 1


def _add_invoice(outcome: Outcome, clinic: Clinic, invoice: dict[str, Any]) -> None:
    if invoice["status"] == "draft":
        return
    total = in_cents(invoice["totals"]["total"]["amount"])
    if invoice["status"] == "void":
        outcome.void.add(total)
        return
    (outcome.of_visits if invoice["appointment_id"] else outcome.by_hand).add(total)
    owed = outcome.outstanding.get(clinic.id, 0)
    outcome.outstanding[clinic.id] = owed + in_cents(invoice["outstanding"]["amount"])


async def _add_payment(api: Api, clinic: Clinic, outcome: Outcome, payment: dict[str, Any]) -> None:
    cents = in_cents(payment["amount"]["amount"])
    if payment["status"] == "cancelled":
        outcome.cancelled.add(cents)
        return
    outcome.payments.setdefault(payment["method"], Tally()).add(cents)
    if in_cents(payment["refunded"]["amount"]):
        story = (await api.get("payments", clinic.id, f"/v1/payments/{payment['id']}")).body
        undone = {transaction["reverses_id"] for transaction in story["transactions"]}
        for transaction in story["transactions"]:
            if transaction["kind"] == "refund" and transaction["id"] not in undone:
                outcome.refunds.add(in_cents(transaction["amount"]["amount"]))
