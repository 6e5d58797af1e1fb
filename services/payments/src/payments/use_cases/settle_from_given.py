"""Let invoices that ask for more be settled by credit of the money that was given for them (`PAY-22`, `INS-4`).

Whatever raises what an invoice asks for, be it a debit note, a write-off taken back, an insurer that pays less, or a
payment that was a mistake: it comes out as if the money came only then. So nobody is asked for what they gave already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from chassis.database import Work

from payments.domain.clinic import Clinic
from payments.domain.given_credit import SETTLED_AGAIN, Given, GivenCredit, settle_again
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.persistence import clinics, given_credit, ledger, settlements
from payments.use_cases.gather_credit import gather_credit
from payments.use_cases.post_applications import Application, post_applications


async def settle_from_given(
    work: Work, locked: Mapping[UUID, InvoiceBalance], payments: Mapping[UUID, Payment]
) -> None:
    """Settle what these invoices ask for by now; they are locked, and all payments that were given for them."""
    asking = [invoice_id for invoice_id, invoice in locked.items() if invoice.outstanding_minor]
    for clinic_id, given in (await _by_clinic(work, asking, payments)).items():
        await _settle(work, clinic_id, given, locked, payments)


async def lock_given(
    work: Work,
    invoice_ids: Iterable[UUID],
    payments: Mapping[UUID, Payment],
    *,
    freeing: Mapping[UUID, UUID],
    others: Collection[UUID] = (),
) -> None:
    """Lock the credit of everybody whom what follows may concern, clinic by clinic, in order, before any is moved.

    Of those who hold what was given for these locked invoices, and of those whose money it was that settles the
    invoices to be set free (`freeing`, with the clinic of each), which is read here (`PAY-21`); in all these clinics
    of `others`, too. `payments` are locked.
    """
    holders: dict[UUID, set[UUID]] = {clinic_id: set(others) for clinic_id in freeing.values()}
    for clinic_id, given in (await _by_clinic(work, invoice_ids, payments)).items():
        holders.setdefault(clinic_id, set()).update(_holders(given, payments))
    settling = [payment for payment in payments.values() if not freeing.keys().isdisjoint(payment.allocations)]
    await settlements.read_owners(work.connection, settling)
    for invoice_id, clinic_id in freeing.items():
        holders[clinic_id] |= {owner for payment in settling for owner in payment.owners_on(invoice_id)}
    for clinic_id in sorted(holders):
        await ledger.lock_credit(work.connection, clinic_id, holders[clinic_id])


async def _by_clinic(
    work: Work, invoice_ids: Iterable[UUID], payments: Mapping[UUID, Payment]
) -> dict[UUID, list[GivenCredit]]:
    """What was given, by clinic. A payment that is not locked had no credit then: somebody makes it credit just now."""
    found = await given_credit.of_invoices(work.connection, invoice_ids)
    clinic = attrgetter("clinic_id")
    locked = sorted((credit for credit in found if credit.payment_id in payments), key=clinic)
    return {clinic_id: list(given) for clinic_id, given in groupby(locked, key=clinic)}


def _holders(given: Sequence[GivenCredit], payments: Mapping[UUID, Payment]) -> set[UUID]:
    of_payments = [payments[credit.payment_id] for credit in given]
    return {holder for credit in given for holder in (credit.person, *credit.holders)} | {
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
    applications: list[Application] = []
    for invoice_id, of_invoice in groupby(given, key=attrgetter("invoice_id")):
        invoice = locked[invoice_id]
        some = [Given(payments[credit.payment_id], credit.minor, credit.holders) for credit in of_invoice]
        reason = f"it was given for invoice {invoice.number}, which asks for more"
        applications += [
            Application(patient_id=holder, movement=movement, reason=reason, reason_code=SETTLED_AGAIN)
            for holder, movement in settle_again(invoice, some).items()
        ]
    await post_applications(work, clinic, clinic_id, applications, payments, locked)


async def _gather(
    work: Work, clinic: Clinic, clinic_id: UUID, given: Sequence[GivenCredit], payments: Mapping[UUID, Payment]
) -> None:
    """What a person holds under several records is drawn from the one that goes on (`ALL-10`)."""
    held: dict[UUID, dict[UUID, Payment]] = {}
    for credit in given:
        for holder in credit.holders:
            held.setdefault(holder, {})[credit.payment_id] = payments[credit.payment_id]
    for holder, some in sorted(held.items()):
        await gather_credit(work, clinic, clinic_id, list(some.values()), holder)
