"""What a receipt says (`RCP-2`): the transaction and its own allocations, frozen when it is numbered (`RCP-1`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from chassis.money import Money

from receipts.documents.content.people import Party
from receipts.domain.people import Clinic, Paper, Patient
from receipts.domain.printed_invoice import DocumentCharge, InvoiceLine, PrintedInvoice
from receipts.domain.settings import DocumentSettings
from receipts.domain.transaction import Kind, Method, PayerKind, Settlement, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledInstallment:
    """An installment of the invoice's plan that the payment settled, and how much of it (`PLN-10`)."""

    position: int
    count: int
    due: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledInvoice:
    """What the transaction did to one invoice. `applied` is positive for a refund too: what it took back."""

    number: str
    issue_date: date
    applied: Money
    credited: Money
    total: Money
    tax: Money
    outstanding: Money
    lines: tuple[InvoiceLine, ...]
    installments: tuple[SettledInstallment, ...] = ()
    charges: tuple[DocumentCharge, ...] = ()
    """Charges of the document: with the lines and the tax they add up to `total` (`INV-12`)."""
    only_named: bool = False
    """Whether `lines` are those alone that a refund is for (`PAY-19`), and so are not the invoice's total."""
    of_named: Money | None = None
    """What of `applied` is for these lines; the rest is of the invoice as a whole. None where no line is named."""
    of_lines: tuple[Money, ...] = ()
    """What of it is for each of `lines`, tax included, where that is known of all: then they add up to `of_named`."""

    @property
    def of_others(self) -> Money:
        """What of `applied` is for no line that is named: named lines and this add up to it."""
        named = self.applied if self.of_named is None else self.of_named
        return Money(self.applied.minor - named.minor, self.applied.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextInstallment:
    """The installment that comes next, where the invoice has a plan (`RCP-2`)."""

    due: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptContent:
    """Everything that a receipt prints. Applied to invoices + to credit = amount, always."""

    kind: Kind
    number: str
    clinic_id: UUID
    clinic_version: int
    zone: str
    language: str
    paper: Paper
    show_procedures: bool
    numbered_at: datetime
    recorded_at: datetime
    received_at: datetime | None
    patient: Party
    payer_kind: PayerKind
    payer_name: str | None
    amount: Money
    method: Method
    method_label: str | None
    reference: str | None
    note: str | None
    """What was noted at a payment."""
    settled: tuple[SettledInvoice, ...]
    credit: Money
    credit_balance: Money
    payment_number: str | None = None
    refunded_so_far: Money | None = None
    next_installment: NextInstallment | None = None
    reason: str | None = None
    """Why a refund was made, in words, where notes are printed."""
    template_version: int = 0
    """Of the clinic's own templates and texts (`RCP-6`); 0 where it had none."""


def freeze_receipt(
    transaction: Transaction,
    *,
    number: str,
    language: str,
    clinic: Clinic,
    patient: Patient,
    invoices: Mapping[UUID, PrintedInvoice],
    settings: DocumentSettings,
    payment_number: str | None,
    numbered_at: datetime,
    next_installment: NextInstallment | None = None,
    installments: Mapping[UUID, Sequence[SettledInstallment]] = MappingProxyType({}),
) -> ReceiptContent:
    """Say what the transaction was, once and for all. Raises TransactionDoesNotAddUp."""
    transaction.check()
    shows_note = settings.shows_note(clinic)
    return ReceiptContent(
        kind=transaction.kind,
        number=number,
        clinic_id=clinic.clinic_id,
        clinic_version=clinic.version,
        zone=clinic.time_zone,
        language=language,
        paper=settings.paper_of(clinic),
        template_version=settings.template_version,
        show_procedures=settings.show_procedures,
        numbered_at=numbered_at,
        recorded_at=transaction.recorded_at,
        received_at=transaction.received_at,
        patient=Party.of(patient),
        payer_kind=transaction.payer_kind,
        payer_name=transaction.payer_name,
        amount=transaction.amount,
        method=transaction.method,
        method_label=transaction.method_label,
        reference=transaction.reference,
        note=transaction.note if shows_note and transaction.kind == "payment" else None,
        reason=transaction.reason if shows_note and transaction.kind == "refund" else None,
        settled=tuple(_settled(transaction, invoices, installments)),
        credit=Money(transaction.sign * transaction.credit_change.minor, transaction.amount.currency),
        credit_balance=transaction.credit_balance,
        payment_number=payment_number,
        refunded_so_far=transaction.refunded_so_far,
        next_installment=next_installment,
    )


def _settled(
    transaction: Transaction,
    invoices: Mapping[UUID, PrintedInvoice],
    installments: Mapping[UUID, Sequence[SettledInstallment]],
) -> list[SettledInvoice]:
    """One entry per invoice, in the order of the event, however many installments of it were settled."""
    by_invoice: dict[UUID, list[Settlement]] = {}
    for settlement in transaction.settlements:
        by_invoice.setdefault(settlement.invoice_id, []).append(settlement)
    return [
        _settled_invoice(invoices[invoice_id], changes, transaction.sign, installments.get(invoice_id, ()))
        for invoice_id, changes in by_invoice.items()
    ]


def _settled_invoice(
    invoice: PrintedInvoice, changes: list[Settlement], sign: int, installments: Sequence[SettledInstallment]
) -> SettledInvoice:
    currency = invoice.total.currency
    named = invoice.lines_named({line_id for change in changes for line_id in change.lines})
    of_named = Money(sum(sign * change.change.minor for change in changes if change.lines), currency)
    return SettledInvoice(
        number=invoice.number,
        issue_date=invoice.issue_date,
        applied=Money(sign * sum(change.change.minor for change in changes), currency),
        credited=Money(sum(change.credited.minor for change in changes), currency),
        total=invoice.total,
        tax=invoice.tax,
        outstanding=changes[-1].outstanding,
        lines=invoice.lines if named is None else named,
        installments=tuple(installments),
        charges=invoice.charges,
        only_named=named is not None,
        of_named=None if named is None else of_named,
        of_lines=() if named is None else _of_lines(named, changes, of_named),
    )


def _of_lines(lines: Sequence[InvoiceLine], changes: Sequence[Settlement], whole: Money) -> tuple[Money, ...]:
    """What goes back of each line; nothing, where more than one of them takes whatever is left of it."""
    said: dict[UUID, int] = {}
    open_lines: set[UUID] = set()
    for change in changes:
        for line_id, amount in zip(change.lines, change.line_amounts, strict=False):
            said[line_id] = said.get(line_id, 0) + (0 if amount is None else amount.minor)
            open_lines |= {line_id} if amount is None else set()
    if len(open_lines) == 1:
        said[open_lines.pop()] += whole.minor - sum(said.values())
    if open_lines or sum(said.values()) != whole.minor or any(line.line_id not in said for line in lines):
        return ()
    return tuple(Money(said[line.line_id], whole.currency) for line in lines if line.line_id is not None)
