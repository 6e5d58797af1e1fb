"""Write down that what settled invoices became credit of whoever's it was, and announce it (`INV-9`, `PAY-21`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import announce_release
from payments.domain.clinic import Clinic
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.posting import Posting
from payments.domain.reason_codes import Reason
from payments.domain.transaction import Payer, Release
from payments.persistence import clinics, ledger
from payments.use_cases.posting import with_balances


@dataclass(frozen=True, slots=True)
class Released:
    """What an invoice set free, by whose credit it is, and what it follows from: of a document, which."""

    clinic_id: UUID
    invoice: InvoiceBalance
    movements: Mapping[UUID, Movement]
    reason: Reason
    document_id: UUID | None = None


async def release_allocations(
    work: Work, released: Sequence[Released], payments: Mapping[UUID, Payment], invoices: Iterable[InvoiceBalance]
) -> None:
    """Write releases down, one for each patient whose credit they made, with all these locked invoices.

    `payments` are locked, and so is the credit of all patients whom they may concern (`lock_given`).
    """
    some = [one for one in released if one.movements]
    of_clinic = await clinics.clinics_of(work.connection, {one.clinic_id for one in some}) if some else {}
    postings = [
        Posting(one.clinic_id, _release(work, of_clinic[one.clinic_id], one, holder, movement), movement)
        for one in some
        for holder, movement in one.movements.items()
    ]
    changed = {
        part.payment_id: payments[part.payment_id] for posting in postings for part in posting.movement.settlements
    }
    for payment in changed.values():
        payment.version += 1
    balances = await ledger.post(work.connection, postings, changed.values(), invoices)
    for posted in with_balances(postings, balances, {}):
        announce_release(work, posted)


def _release(work: Work, clinic: Clinic, one: Released, holder: UUID, movement: Movement) -> Release:
    return Release(
        transaction_id=new_id(),
        kind="release",
        patient_id=holder,
        amount=Money(sum(part.change_minor for part in movement.credits), one.invoice.currency),
        method="other",
        method_label="patient credit",
        payer=Payer(),
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        linked_id=one.document_id,
        reason_code=one.reason.code,
        reason=one.reason.text,
    )
