"""What a clinic, a patient, an invoice and a transaction may look like, for the tests of this service."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from chassis.money import Money
from receipts.documents.content.day_sheet import DaySheetContent, compose_day_sheet
from receipts.documents.content.invoice import InvoiceContent, freeze_invoice
from receipts.documents.content.note import NoteContent, freeze_note
from receipts.documents.content.plan_agreement import PlanAgreementContent, freeze_plan_agreement
from receipts.documents.content.receipt import ReceiptContent, freeze_receipt
from receipts.documents.content.statement import StatementContent, compose_statement
from receipts.domain.account import Account, AccountLine
from receipts.domain.day_sheet import DaySheet, Figure, Figures, OfGroup, OfMethod
from receipts.domain.installment_plan import Installment, InstallmentPlan
from receipts.domain.issued_note import IssuedNote, NoteKind, NoteLine
from receipts.domain.people import Address, Clinic, Patient
from receipts.domain.printed_invoice import InvoiceLine, PrintedInvoice, TaxGroup
from receipts.domain.settings import DocumentSettings
from receipts.domain.transaction import Settlement, Transaction

CLINIC_ID = UUID("0192f000-0000-7000-8000-00000000c111")
PATIENT_ID = UUID("0192f000-0000-7000-8000-00000000aaaa")
PAYMENT_ID = UUID("0192f000-0000-7000-8000-00000000dddd")
NOW = datetime(2026, 11, 23, 15, 42, tzinfo=UTC)

CLINIC = Clinic(
    clinic_id=CLINIC_ID,
    version=3,
    name="Beacon Hill Dental",
    legal_name="Beacon Hill Dental Associates, PC",
    address=Address(
        lines=("41 Charles Street", "Suite 200"), city="Boston", region="MA", postal_code="02114", country="US"
    ),
    phone="+1 617 555 0142",
    email="frontdesk@beaconhilldental.example",
    tax_number="04-2103547",
    currency="USD",
    time_zone="America/New_York",
    language="en-US",
    paper="A4",
    receipt_shows_note=True,
)
PATIENT = Patient(
    clinic_id=CLINIC_ID,
    patient_id=PATIENT_ID,
    version=1,
    given_name="Andrés",
    family_name="Muñoz",
    language="en-US",
    address=Address(lines=("12 Pinckney Street",), city="Boston", region="MA", postal_code="02108", country="US"),
)
TREATMENTS = (
    ("34043003", "Dental consultation and report", None, "80.00"),
    ("234696006", "Plain X-ray of tooth, periapical", "36", "46.50"),
    ("55162003", "Extraction of tooth with local anesthetic, including removal of residual root", "36", "221.25"),
    ("24642003", "Placement of composite restoration, two surfaces", "14", "186.00"),
)
INVOICE_ID = UUID("0192f000-0000-7000-8000-000000001111")


def money(amount: str, currency: str = "USD") -> Money:
    return Money.parse(amount, currency)


def line(position: int, currency: str = "USD") -> InvoiceLine:
    code, description, tooth, price = TREATMENTS[(position - 1) % len(TREATMENTS)]
    price = price if currency in {"USD", "EUR"} else price.split(".")[0]
    return InvoiceLine(
        position=position,
        kind="procedure",
        code=code,
        description=description,
        quantity="1",
        unit_price=money(price, currency),
        discount=money("0", currency),
        net=money(price, currency),
        tax_category="E",
        tax_rate="0",
        date_of_service=date(2026, 11, 20),
        provider_name="Dr. Yael Thornton",
        tooth=tooth,
        surface="MO" if tooth == "14" else None,
    )


def invoice(lines: int = 3, number: str = "INV-2026-000118", currency: str = "USD") -> PrintedInvoice:
    made = tuple(line(position, currency) for position in range(1, lines + 1))
    total = Money(sum(one.net.minor for one in made), currency)
    zero = Money.zero(currency)
    return PrintedInvoice(
        invoice_id=UUID(int=INVOICE_ID.int + int(number[-6:])),
        clinic_id=CLINIC_ID,
        patient_id=PATIENT_ID,
        number=number,
        issue_date=date(2026, 11, 20),
        due_date=date(2026, 12, 20),
        prices_include_tax=False,
        lines=made,
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


def payment(of: PrintedInvoice, applied: Money, *, credit: Money | None = None) -> Transaction:
    credit = Money.zero(applied.currency) if credit is None else credit
    settlement = Settlement(
        invoice_id=of.invoice_id,
        invoice_number=of.number,
        change=applied,
        credited=Money.zero(applied.currency),
        outstanding=of.total - applied,
    )
    return Transaction(
        transaction_id=PAYMENT_ID,
        kind="payment",
        clinic_id=CLINIC_ID,
        patient_id=PATIENT_ID,
        amount=applied + credit,
        payer_kind="patient",
        payer_name=None,
        method="bank_card",
        method_label=None,
        recorded_at=NOW,
        received_at=NOW,
        settlements=(settlement,) if applied.minor else (),
        credit_change=credit,
        credit_balance=credit,
        note="Paid at the front desk.",
        reference="TERM-4471",
    )


def refund(of: PrintedInvoice, taken_back: Money, *, from_credit: Money | None = None) -> Transaction:
    paid = payment(of, taken_back, credit=from_credit)
    settlements = tuple(
        replace(one, change=-one.change, credited=one.change, outstanding=Money.zero(taken_back.currency))
        for one in paid.settlements
    )
    return replace(
        paid,
        transaction_id=UUID(int=PAYMENT_ID.int + 1),
        kind="refund",
        received_at=None,
        settlements=settlements,
        credit_change=-paid.credit_change,
        credit_balance=Money.zero(taken_back.currency),
        note=None,
        refunded_payment_id=PAYMENT_ID,
        refunded_so_far=paid.amount,
    )


def receipt_content(
    transaction: Transaction,
    *invoices: PrintedInvoice,
    language: str = "en-US",
    clinic: Clinic = CLINIC,
    patient: Patient = PATIENT,
    settings: DocumentSettings | None = None,
) -> ReceiptContent:
    return freeze_receipt(
        transaction,
        number="RCP-2026-000042" if transaction.kind == "payment" else "RCP-2026-000043",
        language=language,
        clinic=clinic,
        patient=patient,
        invoices={one.invoice_id: one for one in invoices},
        settings=settings or DocumentSettings(),
        payment_number="RCP-2026-000042" if transaction.kind == "refund" else None,
        numbered_at=NOW,
    )


def invoice_content(of: PrintedInvoice, language: str = "en-US") -> InvoiceContent:
    return freeze_invoice(of, language=language, clinic=CLINIC, patient=PATIENT, settings=DocumentSettings())


NOTE_ID = UUID("0192f000-0000-7000-8000-00000000eeee")


def note(of: PrintedInvoice, kind: NoteKind = "credit_note", *, taxed: bool = True) -> IssuedNote:
    """50.00 of a treatment, and with `taxed` a toothbrush of 12.00 with its tax of 0.75."""
    currency = of.total.currency
    exempt = _note_line("Placement of composite restoration, two surfaces", "50", "E", "0", "0", currency)
    lines = (exempt, _note_line("Toothbrush, soft", "12", "S", "6.25", "0.75", currency)) if taxed else (exempt,)
    net, tax = sum(line.net.minor for line in lines), sum(line.tax.minor for line in lines)
    credit = kind == "credit_note"
    return IssuedNote(
        note_id=NOTE_ID,
        kind=kind,
        clinic_id=CLINIC_ID,
        patient_id=PATIENT_ID,
        invoice_id=of.invoice_id,
        invoice_number=of.number,
        number="CN-2026-000007" if credit else "DN-2026-000003",
        issue_date=date(2026, 11, 24),
        purpose="courtesy" if credit else "undo_credit_note",
        reason="Waited an hour past the appointment." if credit else "The credit note was meant for another visit.",
        undoes_id=None if credit else UUID(int=NOTE_ID.int + 1),
        lines=lines,
        net=Money(net, currency),
        tax=Money(tax, currency),
        cash_rounding=Money.zero(currency),
        total=Money(net + tax, currency),
    )


def _note_line(description: str, net: str, category: str, rate: str, tax: str, currency: str) -> NoteLine:
    net_money, tax_money = money(net, currency), money(tax, currency)
    return NoteLine(description=description, tax_category=category, tax_rate=rate, net=net_money, tax=tax_money)


def note_content(
    of: PrintedInvoice, kind: NoteKind = "credit_note", *, language: str = "en-US", taxed: bool = True
) -> NoteContent:
    return freeze_note(
        note(of, kind, taxed=taxed),
        language=language,
        clinic=CLINIC,
        patient=PATIENT,
        invoice=of,
        undoes_number=None if kind == "credit_note" else "CN-2026-000007",
        settings=DocumentSettings(),
    )


DAY = date(2026, 11, 24)


def account(opening: str = "80.00") -> Account:
    """An invoice, what was paid on it, a refund, credit applied by mistake, and a payment that was one, until today."""
    told = (
        ("invoice", "INV-2026-000118", "347.75", "347.75", None),
        ("payment", None, "250.00", "-250.00", "bank_card"),
        ("receipt", "RCP-2026-000042", "250.00", "0", None),
        ("credit_note", "CN-2026-000007", "62.75", "-62.75", None),
        ("credit_application", None, "15.00", "0", None),
        ("payment", None, "400.00", "-400.00", "cash"),
        ("cancellation", None, "400.00", "400.00", "cash"),
        ("refund", None, "20.00", "20.00", "bank_card"),
        ("application_cancellation", None, "15.00", "0", None),
    )
    balance, lines = money(opening), []
    for number, (kind, named, amount, change, method) in enumerate(told, 1):
        balance = balance + money(change)
        lines.append(
            AccountLine(
                source_id=UUID(int=PAYMENT_ID.int + number),
                payment_id=UUID(int=PAYMENT_ID.int + 6) if kind in {"payment", "cancellation"} else None,
                kind=kind,
                number=named,
                on=date(2026, 11, 15 + number),
                amount=money(amount),
                change=money(change),
                balance=balance,
                method=method,
                method_label=None,
            )
        )
    return Account(opening=money(opening), lines=tuple(lines), closing=balance, insurers_to_pay=money("0"))


def statement_content(
    of: Account,
    *,
    language: str = "en-US",
    from_day: date | None = date(2026, 11, 1),
    to_day: date | None = DAY,
    settings: DocumentSettings | None = None,
    received: dict[UUID, datetime] | None = None,
) -> StatementContent:
    return compose_statement(
        of,
        language=language,
        clinic=CLINIC,
        patient=PATIENT,
        settings=settings or DocumentSettings(),
        receipt_numbers={
            UUID(int=PAYMENT_ID.int + 2): "RCP-2026-000042",
            UUID(int=PAYMENT_ID.int + 6): "RCP-2026-000044",
            UUID(int=PAYMENT_ID.int + 8): "RCP-2026-000043",
        },
        received=received or {},
        made_on=DAY,
        from_day=from_day,
        to_day=to_day,
    )


RARE = "take_backs take_back_cancellations insurer_withheld insurer_added insurer_interest interest_taken_back".split()


def figures(payments: str, refunds: str = "0", cancellations: str = "0", chargebacks: str = "0") -> Figures:
    def figure(amount: str) -> Figure:
        return Figure(count=2 if money(amount).minor else 0, amount=money(amount))

    net = money(payments) - money(refunds) - money(cancellations) - money(chargebacks)
    return Figures(
        payments=figure(payments),
        refunds=figure(refunds),
        cancellations=figure(cancellations),
        chargebacks=figure(chargebacks),
        refund_cancellations=figure("0"),
        **{name: figure("0") for name in RARE},
        net=net,
    )


def day_sheet() -> DaySheet:
    return DaySheet(
        day=DAY,
        totals=figures("1750.00", "20.00", "400.00", "90.00"),
        by_method=(
            OfMethod(method="bank_card", method_label=None, figures=figures("1250.00", "20.00")),
            OfMethod(
                method="cash",
                method_label=None,
                figures=figures("400.00", cancellations="400.00"),
                opening=money("812.50"),
                closing=money("812.50"),
            ),
            OfMethod(method="check", method_label=None, figures=figures("0", chargebacks="90.00")),
            OfMethod(method="other", method_label="Gift voucher", figures=figures("100.00")),
        ),
        by_group=(
            OfGroup(name="Orthodontics", figures=figures("1350.00", "20.00", chargebacks="90.00")),
            OfGroup(name=None, figures=figures("400.00", cancellations="400.00")),
        ),
    )


def day_sheet_content(of: DaySheet, *, language: str = "en-US") -> DaySheetContent:
    return compose_day_sheet(of, clinic=replace(CLINIC, language=language), settings=DocumentSettings(), made_on=DAY)


PLAN_ID = UUID("0192f000-0000-7000-8000-00000000bbbb")


def installment_plan(of: PrintedInvoice, *, version: int = 1, paid: str = "0", down: bool = True) -> InstallmentPlan:
    """47.75 down and three times 100.00, monthly from 31 January; `paid` settled the oldest."""
    currency = of.total.currency
    left = money(paid, currency).minor
    dates = (date(2026, 11, 24), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31))
    installments = []
    for number, (due, amount) in enumerate(zip(dates, ("47.75", "100", "100", "100"), strict=True)):
        asks = money(amount, currency)
        settled = min(left, asks.minor)
        left -= settled
        installments.append(
            Installment(
                installment_id=UUID(int=PLAN_ID.int + 1 + number),
                position=number + 1,
                kind="down_payment" if down and number == 0 else "installment",
                due=due,
                amount=asks,
                remaining=Money(asks.minor - settled, currency),
            )
        )
    return InstallmentPlan(
        plan_id=PLAN_ID,
        version=version,
        clinic_id=CLINIC_ID,
        patient_id=PATIENT_ID,
        invoice_id=of.invoice_id,
        invoice_number=of.number,
        agreed_on=date(2026, 11, 23),
        decided_at=NOW,
        total=Money(sum(one.amount.minor for one in installments), currency),
        outstanding=Money(sum(one.remaining.minor for one in installments), currency),
        installments=tuple(installments),
    )


def plan_agreement_content(
    of: InstallmentPlan, invoice_: PrintedInvoice, language: str = "en-US"
) -> PlanAgreementContent:
    return freeze_plan_agreement(
        of,
        language=language,
        clinic=CLINIC,
        patient=PATIENT,
        invoice=invoice_,
        settings=DocumentSettings(),
        decided_on=date(2026, 11, 24),
    )
