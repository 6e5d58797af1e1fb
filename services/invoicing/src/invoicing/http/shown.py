"""What answers about invoices say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.http import MoneyOut
from pydantic import ConfigDict

from invoicing.domain.decided import DecidedOnInvoice
from invoicing.domain.insurance import insurance_of
from invoicing.domain.invoice import Invoice, Origin, Status
from invoicing.domain.line import joined
from invoicing.domain.note import Note, NoteLine, Side
from invoicing.domain.parts import Parts, insured_lines, parts_of
from invoicing.domain.present_prices import confirmation
from invoicing.domain.shares import PayerDecided
from invoicing.domain.totals import Totals
from invoicing.http.answer import Answer, plain, shown
from invoicing.http.examples import INVOICE_EXAMPLE, NOTE_EXAMPLE, SUMMARY_EXAMPLE
from invoicing.http.insurance_shown import InsuranceOut
from invoicing.http.shown_lines import DiscountOut, DocumentChargeOut, LineOut
from invoicing.http.shown_parts import IssueProblemOut, PartsOut, PayerOut, RoundingOut, VoidedOut


class TaxOut(Answer):
    """One tax group (`MON-4`)."""

    category: str
    rate: str
    base: MoneyOut
    tax: MoneyOut
    exemption_reason: str | None
    """Of several reasons, the first and as many more as fit."""
    exemption_reasons: list[str]
    """All reasons of the group's lines, each once (`MON-10`)."""


class TotalsOut(Answer):
    """Totals that re-add: net + tax + cash rounding = total."""

    net: MoneyOut
    discount: MoneyOut
    """What all discounts took off; already gone from `net`."""
    charge: MoneyOut
    """What all charges added, of lines and document; already in `net` (`INV-12`)."""
    tax: MoneyOut
    cash_rounding: MoneyOut
    total: MoneyOut
    taxes: list[TaxOut]

    @classmethod
    def of(cls, totals: Totals, currency: str) -> TotalsOut:
        """As the wire has it."""
        taxes = [
            TaxOut.built(
                {
                    "category": group.tax.category,
                    "rate": plain(group.tax.rate),
                    "base": shown(group.base, currency),
                    "tax": shown(group.amount, currency),
                    "exemption_reason": joined(group.reasons),
                    "exemption_reasons": list(group.reasons),
                }
            )
            for group in totals.groups
        ]
        return cls.built(
            {
                "net": shown(totals.net, currency),
                "discount": shown(totals.discount, currency),
                "charge": shown(totals.charge, currency),
                "tax": shown(totals.tax, currency),
                "cash_rounding": shown(totals.cash_rounding, currency),
                "total": shown(totals.total, currency),
                "taxes": taxes,
            }
        )


class NoteLineOut(Answer):
    """What a note changes on one tax group."""

    invoice_line_id: UUID | None
    debit_note_id: UUID | None
    """The debit note that is credited, where it is about one (`MON-11`)."""
    description: str
    net: MoneyOut
    tax: MoneyOut
    tax_category: str
    tax_rate: str
    exemption_reason: str | None
    """Its line's reason, or those of its group (`MON-10`)."""

    @classmethod
    def of(cls, line: NoteLine, currency: str) -> NoteLineOut:
        """As the wire has it."""
        return cls(
            invoice_line_id=line.invoice_line_id,
            debit_note_id=line.debit_note_id,
            description=line.description,
            net=shown(line.net, currency),
            tax=shown(line.tax_amount, currency),
            tax_category=line.tax.category,
            tax_rate=plain(line.tax.rate),
            exemption_reason=line.tax.exemption_reason,
        )


class NoteOut(Answer):
    """A credit note or a debit note."""

    model_config = ConfigDict(json_schema_extra={"example": NOTE_EXAMPLE})

    id: UUID
    invoice_id: UUID
    side: Side
    kind: str
    number: str
    issue_date: date
    reason: str
    author: str
    refund_id: UUID | None
    undoes_id: UUID | None
    undone_by_id: UUID | None
    decision_id: UUID | None
    """The insurer's decision that it follows (`INS-3`)."""
    lines: list[NoteLineOut]
    net: MoneyOut
    tax: MoneyOut
    cash_rounding: MoneyOut
    total: MoneyOut
    created_at: datetime

    @classmethod
    def of(cls, note: Note, currency: str) -> NoteOut:
        """As the wire has it."""
        return cls(
            id=note.id,
            invoice_id=note.invoice_id,
            side=note.side,
            kind=note.kind,
            number=note.number,
            issue_date=note.issue_date,
            reason=note.reason,
            author=note.author,
            refund_id=note.refund_id,
            undoes_id=note.undoes_id,
            undone_by_id=note.undone_by_id,
            decision_id=note.decision_id,
            lines=[NoteLineOut.of(line, currency) for line in note.amounts.lines],
            net=shown(note.amounts.net, currency),
            tax=shown(note.amounts.tax, currency),
            cash_rounding=shown(note.amounts.cash_rounding, currency),
            total=shown(note.amounts.total, currency),
            created_at=note.created_at,
        )


class PaymentOut(Answer):
    """A payment that settled something on the invoice, and what of it stands."""

    payment_id: UUID
    method: str | None
    first_at: datetime
    settled: MoneyOut


class InvoiceSummary(Answer):
    """An invoice in a list."""

    model_config = ConfigDict(json_schema_extra={"example": SUMMARY_EXAMPLE})

    id: UUID
    number: str | None
    status: Status
    overdue: bool
    patient_id: UUID
    patient_name: str | None
    """As the patient register has it (`INV-18`); null while it has not told."""
    appointment_id: UUID | None
    issue_date: date | None
    due_date: date | None
    totals: TotalsOut
    credited: MoneyOut
    debited: MoneyOut
    settled: MoneyOut
    outstanding: MoneyOut
    parts: PartsOut
    """The patient's part and the insurers' (`INS-1`)."""
    installment_plan_id: UUID | None
    """Its live installment plan (`PLN-5`)."""
    created_at: datetime
    version: int
    confirmation: str | None
    """Of a draft: stands for every price, tax and total that is shown; whoever issues it says so that it is what was
    seen (`MON-9`)."""
    issue_problem: IssueProblemOut | None
    """Of a draft that cannot be issued as it is: why. What could not be priced any more is shown as it was written, and
    does not stand; such a draft has no `confirmation`."""

    @classmethod
    def of(cls, invoice: Invoice, today: date, parts: Parts | None = None) -> InvoiceSummary:
        """As the wire has it; the parts as they were found, or by estimate."""
        totals = invoice.totals
        parts = parts or parts_of(invoice, totals, insured_lines(invoice, totals))
        return cls.built(_members(invoice, totals, today, parts))


class InvoiceOut(InvoiceSummary):
    """An invoice's whole story: lines, totals, notes, and the payments that settled it."""

    model_config = ConfigDict(json_schema_extra={"example": INVOICE_EXAMPLE})

    origin: Origin
    prices_include_tax: bool
    rounding: RoundingOut
    lines: list[LineOut]
    discount: DiscountOut | None
    discounts: list[DiscountOut]
    """Further discounts of the document (`INV-13`)."""
    charges: list[DocumentChargeOut]
    """Charges of the document; those of lines stand with them (`INV-12`)."""
    note: str | None
    primary_payer: PayerOut | None
    price_list_id: UUID | None
    """The price list that was chosen for it (`INV-19`)."""
    membership: str | None
    created_by: str
    issued_at: datetime | None
    issued_by: str | None
    voided: VoidedOut | None
    notes: list[NoteOut]
    payments: list[PaymentOut]
    insurance: InsuranceOut | None
    """What insurers are expected to decide, and apart from it what they have decided; never a payment (`INS-1`)."""

    @classmethod
    def whole(
        cls,
        invoice: Invoice,
        today: date,
        payments: Iterable[Any] = (),
        decided: Iterable[PayerDecided] = (),
        received: Mapping[UUID, int] | None = None,
    ) -> InvoiceOut:
        """As the wire has it; `payments` are rows of `settlements.payments_of`, `received` the insurers' part."""
        decided = list(decided)
        insurance = insurance_of(DecidedOnInvoice(invoice, decided), received or {})
        currency, content, totals = invoice.pricing.currency, invoice.content, invoice.totals
        policy, payer = invoice.pricing.policy, content.payer
        parts = parts_of(invoice, totals, insured_lines(invoice, totals), decided)
        return cls.built(
            {
                **_members(invoice, totals, today, parts),
                "origin": invoice.origin,
                "prices_include_tax": invoice.pricing.prices_include_tax,
                "rounding": RoundingOut(id=policy.id, version=policy.version),
                "lines": [
                    LineOut.of(line, own, currency) for line, own in zip(invoice.lines, totals.lines, strict=True)
                ],
                "discount": DiscountOut.of(content.document_discount, currency),
                "discounts": DiscountOut.all(content.discounts, currency),
                "charges": DocumentChargeOut.of_document(content.charges, totals.charges, currency),
                "note": content.note,
                "primary_payer": PayerOut(id=payer.id, name=payer.name) if payer else None,
                "price_list_id": content.price_list_id,
                "membership": content.membership,
                "created_by": invoice.created_by,
                "issued_at": invoice.issued_at,
                "issued_by": invoice.issued_by,
                "voided": _voided(invoice),
                "notes": [NoteOut.of(note, currency) for note in invoice.notes],
                "insurance": InsuranceOut.of(insurance, currency) if insurance else None,
                "payments": [
                    PaymentOut(
                        payment_id=row.payment_id,
                        method=row.method,
                        first_at=row.first_at,
                        settled=shown(int(row.settled_minor), currency),
                    )
                    for row in payments
                ],
            }
        )


class IssuedOut(Answer):
    """Drafts that were issued in one go, in the order of their numbers."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [SUMMARY_EXAMPLE]}})

    items: list[InvoiceSummary]


def _members(invoice: Invoice, totals: Totals, today: date, parts: Parts) -> dict[str, Any]:
    currency = invoice.pricing.currency
    return {
        "id": invoice.id,
        "number": invoice.number,
        "status": invoice.shown_status,
        "overdue": invoice.is_overdue(today),
        "patient_id": invoice.patient_id,
        "patient_name": invoice.patient_name,
        "appointment_id": invoice.content.appointment_id,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date or invoice.content.due_date,
        "totals": TotalsOut.of(totals, currency),
        "credited": shown(invoice.credited, currency),
        "debited": shown(invoice.debited, currency),
        "settled": shown(invoice.settled, currency),
        "outstanding": shown(invoice.outstanding, currency),
        "parts": PartsOut.of(parts, currency),
        "installment_plan_id": invoice.plan_id,
        "created_at": invoice.created_at,
        "version": invoice.version,
        "confirmation": confirmation(invoice, totals),
        "issue_problem": IssueProblemOut.of(invoice.issue_problem),
    }


def _voided(invoice: Invoice) -> VoidedOut | None:
    if invoice.voided_on is None:
        return None
    return VoidedOut(on=invoice.voided_on, by=invoice.voided_by or "", reason=invoice.void_reason or "")
