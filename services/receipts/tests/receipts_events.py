"""Events as the other services announce them, for a clinic and a patient of one test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from chassis.money import Money
from contracts.addresses import PostalAddress
from contracts.clinics import ClinicConfigured
from contracts.event import Actor, Amount
from contracts.installments import (
    InstallmentPlanAgreed,
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
    PlannedInstallment,
)
from contracts.invoicing import (
    InvoiceCredited,
    InvoiceDebited,
    InvoiceIssued,
    InvoiceLine,
    InvoiceTotals,
    InvoiceVoided,
    NoteLine,
    RoundingPolicy,
    TaxTotal,
)
from contracts.patients import PatientRegistered
from contracts.payments import (
    Payer,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
    SettlementChange,
)

AT = datetime(2026, 11, 23, 15, 42, tzinfo=UTC)
Installments = Sequence[tuple[UUID, date, int, int]]
"""The id, due date, amount and remaining of each."""
BY = Actor(subject="clerk:7f1c", reason=None)


def amount(minor: int, currency: str = "USD") -> Amount:
    return Amount(amount=Money(minor, currency).amount, currency=currency)


@dataclass
class Practice:
    """One clinic with one patient."""

    clinic_id: UUID = field(default_factory=new_id)
    patient_id: UUID = field(default_factory=new_id)

    def configured(self, **changes: Any) -> ClinicConfigured:
        given: dict[str, Any] = {
            "clinic_id": self.clinic_id,
            "occurred_at": AT,
            "version": 1,
            "name": "Beacon Hill Dental",
            "address": PostalAddress(
                lines=("41 Charles Street",), city="Boston", region="MA", postal_code="02114", country="US"
            ),
            "tax_number": "04-2103547",
            "currency": "USD",
            "time_zone": "America/New_York",
            "language": "en-US",
        }
        return ClinicConfigured(**(given | changes))

    def registered(self, **changes: Any) -> PatientRegistered:
        given: dict[str, Any] = {
            "clinic_id": self.clinic_id,
            "occurred_at": AT,
            "patient_id": self.patient_id,
            "version": 1,
            "given_name": "Andrés",
            "family_name": "Muñoz",
        }
        return PatientRegistered(**(given | changes))

    def invoiced(self, minor: int = 34_775, number: str = "INV-2026-000118") -> InvoiceIssued:
        zero = amount(0)
        line = InvoiceLine(
            line_id=new_id(),
            position=1,
            kind="procedure",
            code_system="SNOMED-CT",
            code="55162003",
            description="Extraction of tooth",
            quantity="1",
            unit_price=amount(minor),
            discount=zero,
            net=amount(minor),
            tax_category="E",
            tax_rate="0",
            date_of_service=date(2026, 11, 20),
            provider_name="Dr. Yael Thornton",
            tooth="36",
        )
        return InvoiceIssued(
            clinic_id=self.clinic_id,
            occurred_at=AT,
            invoice_id=new_id(),
            patient_id=self.patient_id,
            number=number,
            issue_date=date(2026, 11, 20),
            due_date=date(2026, 12, 20),
            lines=(line,),
            totals=InvoiceTotals(
                net=amount(minor),
                discount=zero,
                tax=zero,
                cash_rounding=zero,
                total=amount(minor),
                taxes=(TaxTotal(category="E", rate="0", base=amount(minor), tax=zero),),
            ),
            rounding=RoundingPolicy(id="line-half-up", version=1),
            by=BY,
        )

    def paid(self, invoice: InvoiceIssued | None, minor: int, *, credit: int = 0, **changes: Any) -> PaymentRecorded:
        payment_id = new_id()
        given = self._transaction(payment_id, minor + credit) | {
            "settlements": () if invoice is None else (self._settled(invoice, payment_id, minor),),
            "patient_credit_change": amount(credit),
            "patient_credit_balance": amount(credit),
            "received_at": AT,
        }
        return PaymentRecorded(**(given | changes))

    def refunded(self, payment: PaymentRecorded, invoice: InvoiceIssued, minor: int, **changes: Any) -> PaymentRefunded:
        back = self._settled(invoice, payment.transaction_id, -minor, credited=minor)
        given = self._transaction(new_id(), minor) | {
            "settlements": (back,),
            "patient_credit_change": amount(0),
            "patient_credit_balance": amount(0),
            "payment_id": payment.transaction_id,
            "refunded_so_far": amount(minor),
        }
        return PaymentRefunded(**(given | changes))

    def cancelled(self, payment: PaymentRecorded, reason: str = "Entered twice") -> PaymentCancelled:
        return PaymentCancelled(**self._undoing(payment, reason), payment_id=payment.transaction_id)

    def charged_back(self, payment: PaymentRecorded, reason: str = "Check bounced") -> PaymentChargedBack:
        return PaymentChargedBack(**self._undoing(payment, reason), payment_id=payment.transaction_id)

    def refund_cancelled(self, refund: PaymentRefunded) -> RefundCancelled:
        return RefundCancelled(
            **self._undoing(refund, "Wrong patient"), refund_id=refund.transaction_id, payment_id=refund.payment_id
        )

    def voided(self, invoice: InvoiceIssued) -> InvoiceVoided:
        return InvoiceVoided(
            clinic_id=self.clinic_id,
            occurred_at=AT,
            invoice_id=invoice.invoice_id,
            patient_id=self.patient_id,
            number=invoice.number,
            voided_on=AT.date(),
            total=invoice.totals.total,
            by=Actor(subject="clerk:7f1c", reason="Issued to the wrong patient"),
        )

    def credited(self, invoice: InvoiceIssued, minor: int = 5_000) -> InvoiceCredited:
        note = self._noted(invoice, minor, "CN-2026-000007", "Waited an hour")
        return InvoiceCredited(**note, credit_note_id=new_id(), kind="courtesy")

    def debited(self, invoice: InvoiceIssued, undoes: InvoiceCredited) -> InvoiceDebited:
        note = self._noted(invoice, 5_000, "DN-2026-000003", "Meant for another visit")
        undoing = note | {"undoes_id": undoes.credit_note_id}
        return InvoiceDebited(**undoing, debit_note_id=new_id(), kind="undo_credit_note")

    def agreed(
        self, invoice: InvoiceIssued, plan_id: UUID, installments: Installments, at: datetime = AT
    ) -> InstallmentPlanAgreed:
        return InstallmentPlanAgreed(**self._planned(invoice, plan_id, 1, installments, at))

    def rescheduled(
        self, invoice: InvoiceIssued, plan_id: UUID, installments: Installments, version: int = 2, at: datetime = AT
    ) -> InstallmentPlanChanged:
        planned = self._planned(invoice, plan_id, version, installments, at)
        return InstallmentPlanChanged(**planned, cause="rescheduled")

    def plan_ended(
        self, invoice: InvoiceIssued, plan_id: UUID, installments: Installments, version: int = 3, at: datetime = AT
    ) -> InstallmentPlanCancelled:
        planned = self._planned(invoice, plan_id, version, installments, at)
        by = Actor(subject="clerk:7f1c", reason="Pays at once")
        return InstallmentPlanCancelled(**(planned | {"by": by}), cause="cancelled")

    def _planned(
        self, invoice: InvoiceIssued, plan_id: UUID, version: int, given: Installments, at: datetime
    ) -> dict[str, Any]:
        planned = tuple(
            PlannedInstallment(
                installment_id=installment_id,
                position=number,
                kind="installment",
                due_date=due,
                amount=amount(asks),
                remaining=amount(left),
            )
            for number, (installment_id, due, asks, left) in enumerate(given, 1)
        )
        return {
            "clinic_id": self.clinic_id,
            "occurred_at": at,
            "plan_id": plan_id,
            "version": version,
            "invoice_id": invoice.invoice_id,
            "patient_id": self.patient_id,
            "invoice_number": invoice.number,
            "agreed_on": AT.date(),
            "total": amount(sum(asks for _, _, asks, _ in given)),
            "outstanding": amount(sum(left for _, _, _, left in given)),
            "installments": planned,
            "by": BY,
        }

    def _noted(self, invoice: InvoiceIssued, minor: int, number: str, reason: str) -> dict[str, Any]:
        line = NoteLine(
            invoice_line_id=invoice.lines[0].line_id,
            description="Extraction of tooth",
            net=amount(minor),
            tax_category="E",
            tax_rate="0",
            tax=amount(0),
        )
        return {
            "clinic_id": self.clinic_id,
            "occurred_at": AT,
            "invoice_id": invoice.invoice_id,
            "patient_id": self.patient_id,
            "number": number,
            "invoice_number": invoice.number,
            "issue_date": AT.date(),
            "reason": reason,
            "lines": (line,),
            "net": amount(minor),
            "tax": amount(0),
            "total": amount(minor),
            "by": BY,
        }

    def _undoing(self, undone: PaymentRecorded | PaymentRefunded, reason: str) -> dict[str, Any]:
        return self._transaction(new_id(), 0) | {
            "amount": undone.amount,
            "patient_credit_change": amount(0),
            "patient_credit_balance": amount(0),
            "by": Actor(subject="clerk:7f1c", reason=reason),
        }

    def _transaction(self, transaction_id: UUID, minor: int) -> dict[str, Any]:
        return {
            "clinic_id": self.clinic_id,
            "occurred_at": AT,
            "transaction_id": transaction_id,
            "patient_id": self.patient_id,
            "amount": amount(minor),
            "payer": Payer(kind="patient"),
            "method": "bank_card",
            "recorded_at": AT,
            "booked_on": AT.date(),
            "group_id": new_id(),
            "by": BY,
        }

    def _settled(self, invoice: InvoiceIssued, payment_id: UUID, minor: int, credited: int = 0) -> SettlementChange:
        total = Money.parse(invoice.totals.total.amount, "USD").minor
        return SettlementChange(
            invoice_id=invoice.invoice_id,
            invoice_number=invoice.number,
            payment_id=payment_id,
            change=amount(minor),
            credited=amount(credited),
            outstanding=amount(max(total - minor - credited, 0) if minor > 0 else 0),
        )
