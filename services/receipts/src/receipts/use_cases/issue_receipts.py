"""Number and freeze a receipt for each payment and refund (`RCP-1`); rendering follows, in processes of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from chassis.clock import today
from chassis.database import Work
from chassis.database.numbering import Block, next_numbers
from chassis.identifiers import new_id
from chassis.money import Money
from chassis.trace_context import TraceContext

from receipts.documents.catalogs import choose_language
from receipts.documents.content.frozen import receipt_as_json
from receipts.documents.content.receipt import NextInstallment, SettledInstallment, freeze_receipt
from receipts.domain.errors import FactsMissing
from receipts.domain.installment_plan import InstallmentPlan
from receipts.domain.numbers import number_of_receipt
from receipts.domain.parties import KnownParties, Occasion
from receipts.domain.people import Clinic, PatientKey
from receipts.domain.plan_history import PlanHistory
from receipts.domain.printed_invoice import PrintedInvoice
from receipts.domain.receipt import AnnouncedReceipt, Receipt
from receipts.domain.render_task import RenderTask
from receipts.domain.transaction import NamedSettlement, Transaction, named_settlements
from receipts.persistence import announced_receipts, installment_plans, invoices, people, receipts, render_tasks
from receipts.persistence.parties import parties_at
from receipts.persistence.render_tasks import BELL

SERIES = "receipt"
Row = tuple[Receipt, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of whom and what the transactions refer to."""

    clinics: Mapping[UUID, Clinic]
    """As they are now: by their patterns and in their zones receipts are numbered."""
    parties: KnownParties
    invoices: Mapping[UUID, PrintedInvoice]
    plans: Mapping[UUID, PlanHistory]
    numbers: Mapping[UUID, str]
    """The receipt numbers of transactions: of refunded payments, and of those that have a receipt already."""


async def issue_receipts(
    work: Work,
    transactions: Sequence[Transaction],
    traces: Mapping[UUID, TraceContext] = MappingProxyType({}),
    anyway: Collection[PatientKey] = (),
) -> None:
    """One receipt each, in order; a transaction that has one already gets no other.

    `traces` has the trace that each transaction's receipt continues, by the transaction; the patients of `anyway` are
    waited for no longer (`ALL-11`).

    Raises FactsMissing (nothing is written then) and TransactionDoesNotAddUp.
    """
    known = await _known(work, transactions, anyway)
    new = list(
        {
            transaction.transaction_id: transaction
            for transaction in transactions
            if transaction.transaction_id not in known.numbers
        }.values()
    )
    _check(new, known, anyway)
    if not new:
        return
    numbered = await _numbered(work, new, known.clinics)
    rows = [_row(transaction, known, numbered[transaction.transaction_id]) for transaction in new]
    await receipts.add(work.connection, rows)
    await installment_plans.count(work.connection, [one for transaction in new for one in _named(transaction)])
    await render_tasks.add(work.connection, [_task(receipt, traces) for receipt, _ in rows])
    work.ring(BELL)


async def _known(work: Work, transactions: Sequence[Transaction], anyway: Collection[PatientKey]) -> _Known:
    connection = work.connection
    clinic_ids = {transaction.clinic_id for transaction in transactions}
    asked = {transaction.transaction_id for transaction in transactions}
    asked |= {transaction.refunded_payment_id for transaction in transactions if transaction.refunded_payment_id}
    settled = {settlement.invoice_id for transaction in transactions for settlement in transaction.settlements}
    return _Known(
        clinics=await people.newest_clinics(connection, clinic_ids),
        parties=await parties_at(connection, [_occasion(transaction) for transaction in transactions], anyway),
        invoices=await invoices.facts_of(connection, settled),
        plans=await installment_plans.of_invoices(connection, settled),
        numbers=await receipts.numbers_of(connection, asked),
    )


def _check(transactions: Sequence[Transaction], known: _Known, anyway: Collection[PatientKey]) -> None:
    missing = {
        transaction.transaction_id: what
        for transaction in transactions
        if (what := _missing(transaction, known) or _plan_missing(transaction, known, anyway))
    }
    if missing:
        raise FactsMissing(missing)
    for transaction in transactions:
        transaction.check()


def _occasion(transaction: Transaction) -> Occasion:
    return Occasion(transaction.clinic_id, transaction.patient_id, transaction.recorded_at)


def _missing(transaction: Transaction, known: _Known) -> str | None:
    if what := known.parties.missing.get(_occasion(transaction)):
        return what
    for settlement in transaction.settlements:
        if settlement.invoice_id not in known.invoices:
            return f"invoice {settlement.invoice_id} is not known yet"
        if settlement.installment_id and not _has(known.plans.get(settlement.invoice_id), settlement.installment_id):
            return f"the installment plan of invoice {settlement.invoice_id} is not known yet"
    return None


def _plan_missing(transaction: Transaction, known: _Known, anyway: Collection[PatientKey]) -> str | None:
    """Which plan payments knew that has not been heard of here; waited for as a patient is, then done without."""
    if (transaction.clinic_id, transaction.patient_id) in anyway:
        return None
    for settlement in transaction.settlements:
        plans = known.plans.get(settlement.invoice_id)
        plan = settlement.plan
        if plan and (plans is None or not plans.reaches(plan)):
            return f"version {plan.version} of installment plan {plan.plan_id} is not known yet"
    return None


def _has(plans: PlanHistory | None, installment_id: UUID) -> bool:
    return plans is not None and plans.has(installment_id)


def _named(transaction: Transaction) -> list[NamedSettlement]:
    return named_settlements(
        transaction.clinic_id, transaction.transaction_id, transaction.recorded_at, transaction.settlements
    )


@dataclass(frozen=True, slots=True)
class _Installments:
    """What a receipt says of installments: the first to come, and which the payment settled, by invoice."""

    next: NextInstallment | None
    settled: Mapping[UUID, list[SettledInstallment]]


def _installments(transaction: Transaction, known: _Known) -> _Installments:
    """Of the plans in force then (`RCP-2`, `PLN-10`, `RCP-9`); what the payment names is counted with it."""
    following: list[NextInstallment] = []
    settled: dict[UUID, list[SettledInstallment]] = {}
    for invoice_id in dict.fromkeys(settlement.invoice_id for settlement in transaction.settlements):
        plans = known.plans.get(invoice_id)
        if plans is None:
            continue
        changes = [settlement for settlement in transaction.settlements if settlement.invoice_id == invoice_id]
        own = [one for one in _named(transaction) if one.invoice_id == invoice_id]
        named_ids = [one.installment_id for one in own]
        then = plans.at(transaction.recorded_at, changes[0].place, named_ids, changes[0].plan)
        plans.count(own)
        if then is None:
            continue
        named = then.with_named(own)
        after = changes[-1].outstanding
        if transaction.kind == "payment":
            before = Money(after.minor + sum(change.change.minor for change in changes), after.currency)
            settled[invoice_id] = _settled(then.plan, before, then.named, after, named)
        if one := then.plan.next(after, named):
            following.append(NextInstallment(due=one.due, amount=one.remaining))
    return _Installments(min(following, key=lambda one: one.due, default=None), settled)


def _settled(
    plan: InstallmentPlan, before: Money, earlier: Mapping[UUID, int], after: Money, named: Mapping[UUID, int]
) -> list[SettledInstallment]:
    return [
        SettledInstallment(position=one.position, count=len(plan.installments), due=one.due, amount=minor)
        for one, minor in plan.settled(before, earlier, after, named)
    ]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """What a receipt is known by, and when it was numbered."""

    receipt_id: UUID
    serial: int
    number: str
    on: date
    at: datetime


async def _numbered(
    work: Work, transactions: Sequence[Transaction], clinics: Mapping[UUID, Clinic]
) -> dict[UUID, _Numbered]:
    """By transaction: as it was announced before the database was restored, else by the next number (`INV-7`)."""
    ids = [transaction.transaction_id for transaction in transactions]
    announced = await announced_receipts.of_transactions(work.connection, ids)
    again = {
        transaction.transaction_id: _as_announced(one, clinics[one.clinic_id])
        for transaction in transactions
        if (one := announced.get((transaction.clinic_id, transaction.transaction_id)))
    }
    return again | await _anew(work, [each for each in transactions if each.transaction_id not in again], clinics)


def _as_announced(one: AnnouncedReceipt, clinic: Clinic) -> _Numbered:
    day = today(one.announced_at, clinic.time_zone)
    return _Numbered(one.receipt_id, one.serial, one.number, day, one.announced_at)


async def _anew(
    work: Work, transactions: Sequence[Transaction], clinics: Mapping[UUID, Clinic]
) -> dict[UUID, _Numbered]:
    if not transactions:
        return {}
    days = await _days(work, clinics)
    numbers = await _numbers(work, transactions, days)
    found: dict[UUID, _Numbered] = {}
    for transaction in transactions:
        serial, day = next(numbers[transaction.clinic_id]), days[transaction.clinic_id]
        number = number_of_receipt(clinics[transaction.clinic_id].receipt_number_pattern, serial, day)
        found[transaction.transaction_id] = _Numbered(new_id(), serial, number, day, work.now)
    return found


async def _days(work: Work, clinics: Mapping[UUID, Clinic]) -> dict[UUID, date]:
    """Today in each clinic's zone, but never before its last receipt: a clock may be a moment behind another's."""
    last = await receipts.last_dates(work.connection, clinics.keys())
    days = {clinic_id: today(work.now, clinic.time_zone) for clinic_id, clinic in clinics.items()}
    return {clinic_id: max(day, last.get(clinic_id, day)) for clinic_id, day in days.items()}


async def _numbers(
    work: Work, transactions: Sequence[Transaction], days: Mapping[UUID, date]
) -> dict[UUID, Iterator[int]]:
    counts: defaultdict[UUID, int] = defaultdict(int)
    for transaction in transactions:
        counts[transaction.clinic_id] += 1
    blocks = {clinic_id: Block(count, days[clinic_id]) for clinic_id, count in counts.items()}
    return {clinic_id: iter(taken) for clinic_id, taken in (await next_numbers(work, SERIES, blocks)).items()}


def _row(transaction: Transaction, known: _Known, numbered: _Numbered) -> Row:
    then = known.parties.known[_occasion(transaction)]
    language = choose_language(then.patient.language, then.clinic.language)
    installments = _installments(transaction, known)
    content = freeze_receipt(
        transaction,
        number=numbered.number,
        language=language,
        clinic=then.clinic,
        patient=then.patient,
        invoices=known.invoices,
        settings=then.settings,
        payment_number=known.numbers.get(transaction.refunded_payment_id) if transaction.refunded_payment_id else None,
        numbered_at=numbered.at,
        next_installment=installments.next,
        installments=installments.settled,
    )
    receipt = Receipt(
        receipt_id=numbered.receipt_id,
        clinic_id=transaction.clinic_id,
        patient_id=transaction.patient_id,
        transaction_id=transaction.transaction_id,
        kind=transaction.kind,
        serial=numbered.serial,
        number=numbered.number,
        amount=transaction.amount,
        language=language,
        recorded_at=transaction.recorded_at,
        numbered_on=numbered.on,
        numbered_at=numbered.at,
    )
    return receipt, receipt_as_json(content)


def _task(receipt: Receipt, traces: Mapping[UUID, TraceContext]) -> RenderTask:
    trace = traces.get(receipt.transaction_id, TraceContext())._asdict()
    return RenderTask(receipt.receipt_id, "original", receipt.clinic_id, "receipt", **trace)
