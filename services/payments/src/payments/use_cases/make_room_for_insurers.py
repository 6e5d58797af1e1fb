"""Let an insurer's money settle what it decided to pay where others paid more than their part (`INS-4`).

A patient who paid at the visit may have paid what an insurer then decides to pay. Its money is received all the same,
and what the patient paid for it becomes the patient's credit: when the money comes, not when it is only decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import announce_release
from payments.domain.allocation import Wish
from payments.domain.clinic import Clinic
from payments.domain.insurers_part import NOTHING, limit_minor, make_room, room_minor, wanted_by
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.posting import Posting
from payments.domain.reason_codes import Reason
from payments.domain.transaction import Payer, Release
from payments.persistence import clinics, insurers_parts, ledger
from payments.use_cases.lock_settled import lock_settled
from payments.use_cases.posting import with_balances

Incoming = tuple[int, Sequence[Wish]]
"""An insurer's payment that is about to be recorded: its amount in minor units, and what it is for."""


async def make_room_for_insurers(work: Work, incoming: Sequence[Incoming], payer: Payer) -> dict[UUID, int]:
    """Make room for payments of an insurer, which are recorded right after it in the same transaction.

    Returns what each invoice takes of its money at most, where it decided how much it pays (`limit_minor`).
    """
    named = sorted({wish.invoice_id for _, wishes in incoming for wish in wishes})
    if payer.kind != "insurer" or not named:
        return {}
    # Only under their locks: a decision that is followed at this moment may be what this waits for.
    locked, settling = await lock_settled(work, named)
    parts = await insurers_parts.of_invoices(work.connection, named)
    payments = list(settling.values())
    room = {id_: room_minor(parts.get(id_, NOTHING), payer, payments, invoice) for id_, invoice in locked.items()}
    known = {id_: limit_minor(parts.get(id_, NOTHING), payer, payments, invoice) for id_, invoice in locked.items()}
    limits = {id_: minor for id_, minor in known.items() if minor is not None}
    asked = {id_: invoice.outstanding_minor + room[id_] for id_, invoice in locked.items()}
    takes = {id_: min(minor, limits.get(id_, minor)) for id_, minor in asked.items()}
    wanted = [wanted_by(amount, wishes, takes) for amount, wishes in incoming]
    movements: dict[UUID, Movement] = {}
    for invoice_id, minor in ((id_, minor) for one in wanted for id_, minor in one.items()):
        beyond = min(minor - locked[invoice_id].outstanding_minor, room[invoice_id]) if invoice_id in locked else 0
        if beyond > 0:
            part = parts.get(invoice_id, NOTHING)
            movements[invoice_id] = make_room(part, payer, payments, locked[invoice_id], beyond)
    reason = Reason("insurer_paid", f"{payer.name or 'the insurer'} pays it")
    await post_releases(work, work.clinic_id, movements, settling, locked, reason)
    return limits


async def post_releases(
    work: Work,
    clinic_id: UUID,
    movements: Mapping[UUID, Movement],
    settling: Mapping[UUID, Payment],
    locked: Mapping[UUID, InvoiceBalance],
    reason: Reason,
) -> None:
    """Write the releases down and announce them; `why` in words that go on with "of invoice …"."""
    if not movements:
        return
    clinic = await clinics.clinic_of(work.connection, clinic_id)
    holders = {change.patient_id for movement in movements.values() for change in movement.credits}
    await ledger.lock_credit(work.connection, clinic_id, holders | {one.patient_id for one in locked.values()})
    postings = [
        Posting(clinic_id, _release(work, clinic, locked[id_], movement, reason), movement)
        for id_, movement in movements.items()
    ]
    changed = {part.payment_id: settling[part.payment_id] for one in postings for part in one.movement.settlements}
    for payment in changed.values():
        payment.version += 1
    balances = await ledger.post(
        work.connection, postings, changed.values(), [locked[invoice_id] for invoice_id in sorted(movements)]
    )
    for one in with_balances(postings, balances, {}):
        announce_release(work, one)


def _release(work: Work, clinic: Clinic, invoice: InvoiceBalance, movement: Movement, reason: Reason) -> Release:
    return Release(
        transaction_id=new_id(),
        kind="release",
        patient_id=invoice.patient_id,
        amount=Money(sum(part.change_minor for part in movement.credits), invoice.currency),
        method="other",
        method_label="patient credit",
        payer=Payer(),
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason_code=reason.code,
        reason=f"{reason.text} of invoice {invoice.number}",
    )
