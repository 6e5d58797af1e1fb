"""Let invoices that ask for more be settled by credit of the money that was given for them (`PAY-22`, `INS-4`).

Whatever raises what an invoice asks for, be it a debit note, a write-off taken back, an insurer that pays less, or a
payment that was a mistake: it comes out as if the money came only then. So nobody is asked for what they gave already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.domain.clinic import Clinic
from payments.domain.given_credit import SETTLED_AGAIN, GivenCredit, settle_again
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.transaction import Payer, Transaction
from payments.persistence import clinics, given_credit, ledger
from payments.use_cases.gather_credit import gather_credit
from payments.use_cases.posting import Decision, post


async def settle_from_given(
    work: Work, locked: Mapping[UUID, InvoiceBalance], payments: Mapping[UUID, Payment]
) -> None:
    """Settle what these invoices ask for by now; they are locked, and all payments that were given for them."""
    asking = [invoice_id for invoice_id, invoice in locked.items() if invoice.outstanding_minor]
    for clinic_id, given in await _by_clinic(work, asking, payments):
        await _settle(work, clinic_id, given, locked, payments)


async def lock_given(work: Work, invoice_ids: Iterable[UUID], payments: Mapping[UUID, Payment]) -> None:
    """Lock the credit of everybody who holds what was given for these locked invoices, in order, before any is moved.

    `payments` are locked; the credit of those whom these invoices are of is locked along with it.
    """
    for clinic_id, given in await _by_clinic(work, invoice_ids, payments):
        await ledger.lock_credit(work.connection, clinic_id, _holders(given, payments))


async def _by_clinic(
    work: Work, invoice_ids: Iterable[UUID], payments: Mapping[UUID, Payment]
) -> list[tuple[UUID, list[GivenCredit]]]:
    """What was given, by clinic. A payment that is not locked had no credit then: somebody makes it credit just now."""
    found = await given_credit.of_invoices(work.connection, invoice_ids)
    clinic = attrgetter("clinic_id")
    locked = sorted((one for one in found if one.payment_id in payments), key=clinic)
    return [(clinic_id, list(given)) for clinic_id, given in groupby(locked, key=clinic)]


def _holders(given: Sequence[GivenCredit], payments: Mapping[UUID, Payment]) -> set[UUID]:
    of_payments = [payments[one.payment_id] for one in given]
    return {one.person for one in given} | {
        id_ for payment in of_payments for id_ in (*payment.held, payment.patient_id, payment.own_person)
    }


async def _settle(
    work: Work,
    clinic_id: UUID,
    given: Sequence[GivenCredit],
    locked: Mapping[UUID, InvoiceBalance],
    payments: Mapping[UUID, Payment],
) -> None:
    clinic = await clinics.clinic_of(work.connection, clinic_id)
    await _gather(work, clinic, clinic_id, given, payments)
    decided: list[Decision] = []
    for invoice_id, of_invoice in groupby(given, key=attrgetter("invoice_id")):
        some, invoice = list(of_invoice), locked[invoice_id]
        parts = [(payments[one.payment_id], one.minor) for one in some]
        for holder, movement in settle_again(invoice, some[0].person, parts).items():
            decided.append(Decision(_application(work, clinic, holder, invoice, movement), movement))
    changed = sorted({change.payment_id for one in decided for change in one.movement.credits})
    for payment_id in changed:
        payments[payment_id].version += 1
    if decided:
        await post(work, decided, [payments[one] for one in changed], locked, clinic_id=clinic_id)


async def _gather(
    work: Work, clinic: Clinic, clinic_id: UUID, given: Sequence[GivenCredit], payments: Mapping[UUID, Payment]
) -> None:
    """What a person holds under several records is drawn from the one that goes on (`ALL-10`)."""
    held: dict[UUID, dict[UUID, Payment]] = {}
    for one in given:
        payment = payments[one.payment_id]
        for holder in (one.person, payment.own_person):
            held.setdefault(holder, {})[one.payment_id] = payment
    for holder, some in sorted(held.items()):
        await gather_credit(work, clinic, clinic_id, list(some.values()), holder)


def _application(work: Work, clinic: Clinic, holder: UUID, invoice: InvoiceBalance, movement: Movement) -> Transaction:
    return Transaction(
        transaction_id=new_id(),
        kind="credit_application",
        patient_id=holder,
        amount=Money(sum(part.change_minor for part in movement.settlements), invoice.currency),
        method="other",
        method_label="patient credit",
        payer=Payer(),
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason_code=SETTLED_AGAIN,
        reason=f"it was given for invoice {invoice.number}, which asks for more",
    )
