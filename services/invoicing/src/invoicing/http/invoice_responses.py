"""What responses about invoices say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.members import Members
from chassis.money import decimal_text
from pydantic import ConfigDict

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.errors import InvoicingError
from invoicing.domain.insurance import insurance_of
from invoicing.domain.invoice import DraftInvoice, FrozenInvoice, Invoice, Origin, Status, VoidInvoice
from invoicing.domain.line import joined
from invoicing.domain.parts import Parts, insured_lines, parts_of
from invoicing.domain.present_prices import confirmation
from invoicing.domain.settlement import SettledByInsurers, SettledPayment
from invoicing.domain.shares import PayerAdjudication
from invoicing.domain.totals import Totals
from invoicing.http.examples import INVOICE_EXAMPLE, PREVIEW_EXAMPLE, SUMMARY_EXAMPLE
from invoicing.http.insurance_responses import InsuranceOut
from invoicing.http.line_responses import DiscountOut, DocumentChargeOut, LineOut
from invoicing.http.note_responses import NoteOut
from invoicing.http.problems import problem_of


class PayerOut(ResponseBody):
    """The insurer that is asked first."""

    id: UUID | None
    name: str | None


class PartsOut(ResponseBody):
    """Who an invoice is asked of, decided where insurers have decided, else estimated (`INS-1`).

    The parts are what it asks for in all, whoever has paid of it: total + debited - credited.
    """

    patient: MoneyOut
    insurers: MoneyOut
    expected_write_off: MoneyOut
    """What insurers are estimated to have written off of lines that none has decided on."""
    decided: bool
    """Whether any insurer has decided on any line."""

    @classmethod
    def of(cls, parts: Parts, currency: str) -> PartsOut:
        """As the wire has it."""
        return cls.model_construct(
            patient=money_out(parts.patient, currency),
            insurers=money_out(parts.insurers, currency),
            expected_write_off=money_out(parts.expected_write_off, currency),
            decided=parts.decided,
        )


class RoundingOut(ResponseBody):
    """Which rounding made the totals, so that they can be recomputed (`MON-4`)."""

    id: str
    version: int


class VoidedOut(ResponseBody):
    """When the invoice became void, by whom and why."""

    on: date
    by: str
    reason: str


class IssueProblemOut(ResponseBody):
    """Why a draft cannot be issued as it is, in the words with which issuing it would be refused."""

    type: str
    title: str
    detail: str
    field: str | None

    @classmethod
    def of(cls, refused: InvoicingError | None) -> IssueProblemOut | None:
        """As the wire has it."""
        if refused is None:
            return None
        problem = problem_of(refused)
        return cls(type=problem.type, title=problem.title, detail=str(refused), field=getattr(refused, "field", None))


class TaxOut(ResponseBody):
    """One tax group (`MON-4`)."""

    category: str
    rate: str
    base: MoneyOut
    tax: MoneyOut
    exemption_reason: str | None
    """Of several reasons, the first and as many more as fit."""
    exemption_reasons: list[str]
    """All reasons of the group's lines, each once (`MON-10`)."""


class TotalsOut(ResponseBody):
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
                    "rate": decimal_text(group.tax.rate),
                    "base": money_out(group.base, currency),
                    "tax": money_out(group.amount, currency),
                    "exemption_reason": joined(group.reasons),
                    "exemption_reasons": list(group.reasons),
                }
            )
            for group in totals.groups
        ]
        return cls.built(
            {
                "net": money_out(totals.net, currency),
                "discount": money_out(totals.discount, currency),
                "charge": money_out(totals.charge, currency),
                "tax": money_out(totals.tax, currency),
                "cash_rounding": money_out(totals.cash_rounding, currency),
                "total": money_out(totals.total, currency),
                "taxes": taxes,
            }
        )


class PaymentOut(ResponseBody):
    """A payment that settled something on the invoice, and what of it stands."""

    payment_id: UUID
    method: str | None
    first_at: datetime
    settled: MoneyOut


_SAME = Members(PaymentOut, SettledPayment)


class InvoiceSummary(ResponseBody):
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
        payments: Iterable[SettledPayment] = (),
        decided: Iterable[PayerAdjudication] = (),
        came: SettledByInsurers | None = None,
    ) -> InvoiceOut:
        """As the wire has it; `came` is what insurers paid of it."""
        decided, came = list(decided), came or SettledByInsurers()
        insurance = insurance_of(AdjudicatedInvoice(invoice, decided), came.received, came.credited_by_payer)
        currency, content, totals = invoice.pricing.currency, invoice.content, invoice.totals
        policy, payer = invoice.pricing.policy, content.payer
        frozen = invoice if isinstance(invoice, FrozenInvoice) else None
        most = invoice.asked_of_lines
        parts = parts_of(invoice, totals, insured_lines(invoice, totals), decided, came.credited, most)
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
                "issued_at": frozen.issued_at if frozen else None,
                "issued_by": frozen.issued_by if frozen else None,
                "voided": _voided(invoice),
                "notes": [NoteOut.of(note, currency) for note in invoice.notes],
                "insurance": InsuranceOut.of(insurance, currency) if insurance else None,
                "payments": [
                    PaymentOut(**_SAME.of(payment), settled=money_out(payment.settled_minor, currency))
                    for payment in payments
                ],
            }
        )


class IssuedOut(ResponseBody):
    """Drafts that were issued in one go, in the order of their numbers."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [SUMMARY_EXAMPLE]}})

    items: list[InvoiceSummary]


def _members(invoice: Invoice, totals: Totals, today: date, parts: Parts) -> dict[str, Any]:
    currency = invoice.pricing.currency
    frozen = invoice if isinstance(invoice, FrozenInvoice) else None
    return {
        "id": invoice.id,
        "number": frozen.number if frozen else None,
        "status": invoice.shown_status,
        "overdue": invoice.is_overdue(today),
        "patient_id": invoice.patient_id,
        "patient_name": invoice.patient_name,
        "appointment_id": invoice.content.appointment_id,
        "issue_date": frozen.issue_date if frozen else None,
        "due_date": frozen.due_date if frozen else invoice.content.due_date,
        "totals": TotalsOut.of(totals, currency),
        "credited": money_out(invoice.credited, currency),
        "debited": money_out(invoice.debited, currency),
        "settled": money_out(invoice.settled, currency),
        "outstanding": money_out(invoice.outstanding, currency),
        "parts": PartsOut.of(parts, currency),
        "installment_plan_id": invoice.plan_id,
        "created_at": invoice.created_at,
        "version": invoice.version,
        "confirmation": confirmation(invoice, totals),
        "issue_problem": IssueProblemOut.of(invoice.issue_problem if isinstance(invoice, DraftInvoice) else None),
    }


def _voided(invoice: Invoice) -> VoidedOut | None:
    if not isinstance(invoice, VoidInvoice):
        return None
    return VoidedOut(on=invoice.voided_on, by=invoice.voided_by, reason=invoice.void_reason)


class PreviewOut(ResponseBody):
    """What an invoice would come to."""

    model_config = ConfigDict(json_schema_extra={"example": PREVIEW_EXAMPLE})

    lines: list[LineOut]
    charges: list[DocumentChargeOut]
    totals: TotalsOut
    confirmation: str
    """That of a draft that says so: what was previewed is what is issued with it (`MON-9`)."""
