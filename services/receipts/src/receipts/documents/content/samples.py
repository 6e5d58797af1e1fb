"""A sample of each kind of document: what one looks like, before there is one (`RCP-6`). Nobody in it exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.members import names_of
from chassis.money import Money, decimals_of

from receipts.documents.catalogs import language_of, words
from receipts.documents.content.day_sheet import compose_day_sheet
from receipts.documents.content.demand import compose_demand
from receipts.documents.content.frozen import (
    day_sheet_as_json,
    demand_as_json,
    invoice_as_json,
    note_as_json,
    plan_agreement_as_json,
    receipt_as_json,
    statement_as_json,
)
from receipts.documents.content.invoice import freeze_invoice
from receipts.documents.content.note import freeze_note
from receipts.documents.content.plan_agreement import freeze_plan_agreement
from receipts.documents.content.receipt import freeze_receipt
from receipts.documents.content.statement import compose_statement
from receipts.domain.account import Account, AccountLine, Ageing, LeftToInsurer
from receipts.domain.day_sheet import DaySheet, Figure, Figures, OfMethod
from receipts.domain.installment_plan import AskedInstallment, Installment, InstallmentPlan, Share
from receipts.domain.issued_note import IssuedNote, NoteKind, NoteLine
from receipts.domain.people import Address, Clinic, Patient
from receipts.domain.printed_invoice import InvoiceLine, LineDetails, PrintedInvoice, TaxGroup
from receipts.domain.settings import DocumentSettings
from receipts.domain.transaction import Settlement, Transaction

_NOBODY = UUID(int=0)
_TREATMENTS = (
    ("D0150", "Comprehensive oral evaluation", None, 8_000),
    ("D0220", "Intraoral radiograph, periapical", "36", 4_650),
    ("D2392", "Composite restoration, two surfaces", "14", 18_600),
)
"""In hundredths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """Whose documents a sample is one of, on which day, in which language."""

    clinic: Clinic
    settings: DocumentSettings
    language: str
    day: date

    @property
    def number(self) -> str:
        """What stands where a document has its number."""
        return f"{self._words['sample']}-000001"

    @property
    def patient(self) -> Patient:
        """Nobody, at no address."""
        country = self.clinic.address.country if self.clinic.address else "US"
        home = Address(lines=(self._words["sample"],), city=self._words["sample"], postal_code="00000", country=country)
        return Patient(
            clinic_id=self.clinic.clinic_id,
            patient_id=_NOBODY,
            version=0,
            given_name=self._words["sample"],
            family_name=self._words["patient"],
            language=self.language,
            address=home,
        )

    @property
    def _words(self) -> Mapping[str, str]:
        return words(language_of(self.language))

    @property
    def moment(self) -> datetime:
        """Noon of the day."""
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)

    def money(self, hundredths: int) -> Money:
        """An amount of the clinic's currency."""
        decimals = decimals_of(self.clinic.currency)
        return Money(hundredths * 10**decimals // 100, self.clinic.currency)


def sample_of(kind: str, sampled: Sampled) -> dict[str, Any]:
    """What a sample of this kind says, as a frozen document does. Raises KeyError."""
    return _SAMPLES[kind](sampled)


def _issued(sampled: Sampled) -> PrintedInvoice:
    lines = tuple(_line(sampled, position) for position in range(1, len(_TREATMENTS) + 1))
    total = Money(sum(line.net.minor for line in lines), sampled.clinic.currency)
    zero = Money.zero(total.currency)
    return PrintedInvoice(
        invoice_id=_NOBODY,
        clinic_id=sampled.clinic.clinic_id,
        patient_id=_NOBODY,
        number=sampled.number,
        issue_date=sampled.day,
        due_date=sampled.day + timedelta(days=30),
        prices_include_tax=False,
        lines=lines,
        net=total,
        discount=zero,
        tax=zero,
        cash_rounding=zero,
        total=total,
        taxes=(TaxGroup(category="E", rate="0", base=total, tax=zero, exemption_reason=None),),
        insurers=(),
        discount_reason=None,
        note=None,
    )


def _line(sampled: Sampled, position: int) -> InvoiceLine:
    code, description, tooth, price = _TREATMENTS[position - 1]
    details: dict[str, Any] = dict.fromkeys(names_of(LineDetails)) | {"code": code, "tooth": tooth}
    return InvoiceLine(
        position=position,
        kind="procedure",
        description=description,
        quantity="1",
        unit_price=sampled.money(price),
        discount=sampled.money(0),
        net=sampled.money(price),
        tax_category="E",
        tax_rate="0",
        date_of_service=sampled.day,
        provider_name="Dr. A. Bee",
        **details,
    )


def _transaction(sampled: Sampled, invoice: PrintedInvoice) -> Transaction:
    paid, credit = Money(invoice.total.minor // 2, invoice.total.currency), sampled.money(0)
    settlement = Settlement(
        invoice_id=_NOBODY,
        invoice_number=invoice.number,
        change=paid,
        credited=credit,
        outstanding=invoice.total - paid,
    )
    return Transaction(
        transaction_id=_NOBODY,
        kind="payment",
        clinic_id=sampled.clinic.clinic_id,
        patient_id=_NOBODY,
        amount=paid,
        payer_kind="patient",
        payer_name=None,
        method="bank_card",
        method_label=None,
        recorded_at=sampled.moment,
        received_at=sampled.moment,
        settlements=(settlement,),
        credit_change=credit,
        credit_balance=credit,
        note=sampled.number,
        reference=None,
    )


def _receipt(sampled: Sampled) -> dict[str, Any]:
    invoice = _issued(sampled)
    content = freeze_receipt(
        _transaction(sampled, invoice),
        number=sampled.number,
        language=sampled.language,
        clinic=sampled.clinic,
        patient=sampled.patient,
        invoices={_NOBODY: invoice},
        settings=sampled.settings,
        payment_number=None,
        numbered_at=sampled.moment,
    )
    return receipt_as_json(content)


def _invoice(sampled: Sampled) -> dict[str, Any]:
    content = freeze_invoice(
        _issued(sampled),
        language=sampled.language,
        clinic=sampled.clinic,
        patient=sampled.patient,
        settings=sampled.settings,
    )
    return invoice_as_json(content)


def _note(kind: NoteKind) -> Callable[[Sampled], dict[str, Any]]:
    def noted(sampled: Sampled) -> dict[str, Any]:
        amount, zero = sampled.money(5_000), sampled.money(0)
        line = NoteLine(description=_TREATMENTS[-1][1], net=amount, tax_category="E", tax_rate="0", tax=zero)
        note = IssuedNote(
            note_id=_NOBODY,
            kind=kind,
            clinic_id=sampled.clinic.clinic_id,
            patient_id=_NOBODY,
            invoice_id=_NOBODY,
            invoice_number=sampled.number,
            number=sampled.number,
            issue_date=sampled.day,
            purpose="courtesy" if kind == "credit_note" else "correction",
            reason=sampled.number,
            undoes_id=None,
            lines=(line,),
            net=amount,
            tax=zero,
            cash_rounding=zero,
            total=amount,
        )
        content = freeze_note(
            note,
            language=sampled.language,
            clinic=sampled.clinic,
            patient=sampled.patient,
            invoice=_issued(sampled),
            undoes_number=None,
            settings=sampled.settings,
        )
        return note_as_json(content)

    return noted


def _plan_agreement(sampled: Sampled) -> dict[str, Any]:
    invoice = _issued(sampled)
    first = invoice.total.minor // 2
    parts = [Money(part, invoice.total.currency) for part in (first, invoice.total.minor - first)]
    plan = InstallmentPlan(
        plan_id=_NOBODY,
        version=1,
        clinic_id=sampled.clinic.clinic_id,
        patient_id=_NOBODY,
        invoice_id=_NOBODY,
        invoice_number=invoice.number,
        agreed_on=sampled.day,
        decided_at=sampled.moment,
        total=invoice.total,
        outstanding=invoice.total,
        installments=tuple(
            Installment(
                installment_id=_NOBODY,
                position=position,
                kind="installment",
                due=sampled.day + timedelta(days=30 * position),
                amount=part,
                remaining=part,
            )
            for position, part in enumerate(parts, 1)
        ),
    )
    content = freeze_plan_agreement(
        plan,
        language=sampled.language,
        clinic=sampled.clinic,
        patient=sampled.patient,
        invoice=invoice,
        settings=sampled.settings,
        decided_on=sampled.day,
    )
    return plan_agreement_as_json(content)


def _demand(sampled: Sampled) -> dict[str, Any]:
    amount, zero = sampled.money(_TREATMENTS[-1][3]), sampled.money(0)
    installment = AskedInstallment(
        installment_id=_NOBODY,
        patient_id=_NOBODY,
        invoice_number=sampled.number,
        position=1,
        count=2,
        due=sampled.day + timedelta(days=30),
        amount=amount,
        paid=zero,
        remaining=amount,
        asked=True,
        shares=(Share(description=_TREATMENTS[-1][1], amount=amount),),
    )
    content = compose_demand(
        installment,
        credit=sampled.money(5_000),
        language=sampled.language,
        clinic=sampled.clinic,
        patient=sampled.patient,
        settings=sampled.settings,
        made_on=sampled.day,
    )
    return demand_as_json(content)


def _statement(sampled: Sampled) -> dict[str, Any]:
    asked, zero = _issued(sampled).total, sampled.money(0)
    insurers = sampled.money(12_000)
    line = AccountLine(
        source_id=_NOBODY,
        payment_id=None,
        kind="invoice",
        number=sampled.number,
        on=sampled.day,
        amount=asked,
        change=asked,
        balance=asked,
        method=None,
        method_label=None,
    )
    content = compose_statement(
        Account(
            opening=zero,
            lines=(line,),
            closing=asked,
            insurers_to_pay=insurers,
            insurers=(LeftToInsurer(name="Harbor Dental Mutual", amount=insurers),),
            ageing=_ageing(asked - insurers, zero),
        ),
        language=sampled.language,
        clinic=sampled.clinic,
        patient=sampled.patient,
        settings=sampled.settings,
        receipt_numbers={},
        made_on=sampled.day,
        from_day=None,
        to_day=sampled.day,
    )
    return statement_as_json(content)


def _ageing(asked: Money, zero: Money) -> Ageing:
    return Ageing(not_due=asked, days_1_30=zero, days_31_60=zero, days_61_90=zero, over_90_days=zero)


def _day_sheet(sampled: Sampled) -> dict[str, Any]:
    paid, zero = _issued(sampled).total, sampled.money(0)
    nothing = Figure(count=0, amount=zero)
    others = {name: nothing for name in Figures.__dataclass_fields__ if name not in {"payments", "net"}}
    figures = Figures(payments=Figure(count=1, amount=paid), net=paid, **others)
    by_card = OfMethod(method="bank_card", method_label=None, figures=figures)
    sheet = DaySheet(day=sampled.day, totals=figures, by_method=(by_card,), by_group=())
    content = compose_day_sheet(sheet, clinic=sampled.clinic, settings=sampled.settings, made_on=sampled.day)
    return day_sheet_as_json(content)


_SAMPLES: Mapping[str, Callable[[Sampled], dict[str, Any]]] = {
    "receipt": _receipt,
    "invoice": _invoice,
    "credit_note": _note("credit_note"),
    "debit_note": _note("debit_note"),
    "plan_agreement": _plan_agreement,
    "demand": _demand,
    "statement": _statement,
    "day_sheet": _day_sheet,
}
