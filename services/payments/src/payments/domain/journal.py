"""The journal: every effect as double entry, debits above zero, credits below, each posting summing to zero (`PAY-12`).

| account             | what its balance says                                                     |
|---------------------|---------------------------------------------------------------------------|
| `money`             | what came in less what went out, by method and kind of payer              |
| `receivable`        | what an invoice asks for; with a payment named, what that payment settled |
| `patient_credit`    | money received and not allocated, by patient and payment (a liability)    |
| `revenue`           | invoices and debit notes, without tax                                     |
| `taxes`             | the tax in them and in what was credited (a liability)                    |
| `cash_rounding`     | what rounding to coins added or took (`MON-6`)                            |
| `credit_notes`      | what was credited: courtesy, correction; without tax                      |
| `write_offs`        | what was given up: by the clinic, or by contract with an insurer (`INS-3`)|
| `bad_debts`         | what was written off and may yet be paid, less what was (`INV-17`)        |
| `refund_allowances` | credit notes that keep an invoice settled after a refund (`PAY-4`)        |
| `chargeback_losses` | what the bank took back although it had been refunded (`PAY-6`)           |
| `insurer_adjustments` | what insurers withheld from transfers as a whole, less what they added (`INS-9`) |
| `interest_income`   | what insurers paid for paying late (`INS-9`)                              |

A refund posts its whole allowance at once. Which part of it is tax is known when its credit note has been made; that
part then moves from `refund_allowances` to `taxes`. What is not credited of it moves back to `receivable`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from payments.domain.errors import Unbalanced
from payments.domain.movement import Movement, Settlement
from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.transaction import Method, PayerKind

Account = Literal[
    "money",
    "receivable",
    "patient_credit",
    "revenue",
    "taxes",
    "cash_rounding",
    "credit_notes",
    "write_offs",
    "bad_debts",
    "refund_allowances",
    "chargeback_losses",
    "insurer_adjustments",
    "interest_income",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a posting: a debit above zero or a credit below, in minor units, and whom it concerns.

    `payer_kind` is that of the payment's payer, so that insurers' money is told from patients'; `installment_id` the
    installment that the payment named (`PLN-2`).
    """

    account: Account
    minor: int
    patient_id: UUID | None = None
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    method: str | None = None
    payer_kind: str | None = None
    installment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AccountChange:
    """How a patient's account changed, in minor units.

    `balance_minor` is what the patient owes less what the patient has in credit; what insurers overpaid is theirs, and
    stands apart (`INS-4`).
    """

    balance_minor: int = 0
    insurers_credit_minor: int = 0

    def __add__(self, other: AccountChange) -> AccountChange:
        return AccountChange(
            self.balance_minor + other.balance_minor, self.insurers_credit_minor + other.insurers_credit_minor
        )


@dataclass(frozen=True, slots=True)
class DocumentAmount:
    """What a document asks for or credits: `total` is net, tax and cash rounding (`MON-4`)."""

    total_minor: int
    tax_minor: int = 0
    cash_rounding_minor: int = 0

    def __neg__(self) -> DocumentAmount:
        return DocumentAmount(-self.total_minor, -self.tax_minor, -self.cash_rounding_minor)

    @property
    def net_minor(self) -> int:
        """Without tax and rounding."""
        return self.total_minor - self.tax_minor - self.cash_rounding_minor


def entries_of_movement(
    movement: Movement, payment_id: UUID | None, method: str, payer_kinds: Mapping[UUID, str]
) -> tuple[Entry, ...]:
    """The posting of a transaction. `payment_id` and `method` say whose money moved and how, `payer_kinds` who paid."""
    entries = [Entry("money", movement.money_minor, payment_id=payment_id, method=method)]
    entries.append(Entry("chargeback_losses", movement.loss_minor, payment_id=payment_id))
    entries.append(Entry("insurer_adjustments", movement.withheld_minor, payment_id=payment_id))
    entries.append(Entry("interest_income", -movement.interest_minor, payment_id=payment_id))
    for settlement in movement.settlements:
        entries.extend(_entries_of_settlement(settlement))
    entries.extend(
        Entry("patient_credit", -change.change_minor, change.patient_id, payment_id=change.payment_id)
        for change in movement.credits
    )
    return balanced(
        replace(entry, payer_kind=payer_kinds.get(entry.payment_id)) if entry.payment_id else entry for entry in entries
    )


def entries_of_issue(invoice_id: UUID, patient_id: UUID, amount: DocumentAmount) -> tuple[Entry, ...]:
    """The posting of an invoice or a debit note: the patient owes it, the clinic earned it, and owes the tax."""
    return balanced(
        [
            Entry("receivable", amount.total_minor, patient_id, invoice_id),
            Entry("revenue", -amount.net_minor, invoice_id=invoice_id),
            Entry("taxes", -amount.tax_minor, invoice_id=invoice_id),
            Entry("cash_rounding", -amount.cash_rounding_minor, invoice_id=invoice_id),
        ]
    )


def entries_of_credit(
    invoice_id: UUID, patient_id: UUID, amount: DocumentAmount, account: Account
) -> tuple[Entry, ...]:
    """The posting of a credit note that follows no refund: on `credit_notes` or `write_offs`."""
    return balanced(
        [
            Entry("receivable", -amount.total_minor, patient_id, invoice_id),
            Entry(account, amount.net_minor, invoice_id=invoice_id),
            Entry("taxes", amount.tax_minor, invoice_id=invoice_id),
            Entry("cash_rounding", amount.cash_rounding_minor, invoice_id=invoice_id),
        ]
    )


def account_of_credit(note_kind: str | None) -> Account:
    """Where a credit note of this kind is booked: what is given up is told from courtesies and corrections."""
    if note_kind == "bad_debt":
        return "bad_debts"
    return "write_offs" if note_kind in ("write_off", "contractual_write_off") else "credit_notes"


def given_up(entries: Iterable[Entry]) -> int:
    """1 where a document's entries write something off, -1 where they take that back, else 0 (`INV-16`)."""
    return _sign(entry.minor for entry in entries if entry.account in ("write_offs", "bad_debts"))


def bad_debt(entries: Iterable[Entry]) -> int:
    """The same of bad debt alone (`INV-17`)."""
    return _sign(entry.minor for entry in entries if entry.account == "bad_debts")


def entries_of_allowed_tax(invoice_id: UUID, tax_minor: int) -> tuple[Entry, ...]:
    """The posting of a refund's credit note: the tax in the allowance is no longer owed (below zero: it is again)."""
    return balanced(
        [
            Entry("taxes", tax_minor, invoice_id=invoice_id),
            Entry("refund_allowances", -tax_minor, invoice_id=invoice_id),
        ]
    )


def entries_of_answer(
    adjustment: RefundAdjustment, patient_id: UUID, uncredited_minor: int, *, void: bool
) -> tuple[Entry, ...]:
    """The posting of an answer to a refund: what is not credited is no allowance, and is asked for again (`PAY-20`).

    A void took back the allowance before, and asks for nothing: of it both sides are taken back.
    """
    where = (patient_id, adjustment.invoice_id)
    entries = [
        Entry("receivable", uncredited_minor, *where, adjustment.payment_id, payer_kind=adjustment.payer_kind),
        Entry("refund_allowances", -uncredited_minor, *where, adjustment.payment_id, payer_kind=adjustment.payer_kind),
    ]
    if void:
        entries.append(Entry("receivable", -uncredited_minor, *where))
        entries.append(Entry("refund_allowances", uncredited_minor, invoice_id=adjustment.invoice_id))
    return balanced(entries)


def opposite(
    written: Mapping[Account, int], invoice_id: UUID, patient_id: UUID, allowed_minor: int = 0
) -> tuple[Entry, ...]:
    """The posting that takes back what documents wrote on each account: that of an undone note, or of a void.

    A void also gives up the allowances of the invoice's refunds: what they kept settled is asked for no more.
    """
    sums = Counter(written)
    sums["refund_allowances"] += allowed_minor
    sums["receivable"] -= allowed_minor
    return balanced(
        Entry(account, -minor, patient_id if account == "receivable" else None, invoice_id)
        for account, minor in sums.items()
    )


def account_changes(entries: Iterable[Entry]) -> dict[UUID, AccountChange]:
    """How entries changed the account of each patient that they concern (`PAY-9`)."""
    changes: dict[UUID, AccountChange] = {}
    for entry in entries:
        if entry.account in ("receivable", "patient_credit") and entry.patient_id is not None:
            changes[entry.patient_id] = changes.get(entry.patient_id, AccountChange()) + _account_change(entry)
    return changes


def _sign(amounts: Iterable[int]) -> int:
    minor = sum(amounts)
    return (minor > 0) - (minor < 0)


def _account_change(entry: Entry) -> AccountChange:
    if entry.account == "patient_credit" and entry.payer_kind == "insurer":
        return AccountChange(insurers_credit_minor=-entry.minor)
    return AccountChange(entry.minor)


def balanced(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """These entries without the empty ones. Raises Unbalanced unless debits equal credits."""
    kept = tuple(entry for entry in entries if entry.minor)
    if difference := sum(entry.minor for entry in kept):
        raise Unbalanced(difference)
    return kept


def _entries_of_settlement(settlement: Settlement) -> Sequence[Entry]:
    """What left an invoice and is not asked for again is an allowance; the rest changes what is receivable."""
    credited = settlement.credited_minor
    where = (settlement.patient_id, settlement.invoice_id, settlement.payment_id)
    return (
        Entry("receivable", -settlement.change_minor - credited, *where, installment_id=settlement.installment_id),
        Entry("refund_allowances", credited, *where, installment_id=settlement.installment_id),
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """What an account's entries of one method and kind of payer add up to, in minor units."""

    account: Account
    method: Method | None
    payer_kind: PayerKind | None
    opening: int
    debits: int
    credits: int
    balance: int
    entries: int


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry as it was posted, with what the transaction or document is called that it is of."""

    entry_id: int
    booked_on: date
    posting_id: UUID
    kind: str | None
    number: str | None
    account: Account
    minor: int
    method: Method | None
    payer_kind: PayerKind | None
    patient_id: UUID | None
    invoice_id: UUID | None
    payment_id: UUID | None


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    from_day: date
    to_day: date
