"""Let an insurer's money settle what it decided to pay where others paid more than their part (`INS-4`).

A patient who paid at the visit may have paid what an insurer then decides to pay. Its money is received all the same,
and what the patient paid for it becomes credit of whoever's it was: when the money comes, not when it is only decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work

from payments.domain.allocation import Wish
from payments.domain.insurers_part import NOTHING, limit_minor, make_room, room_minor, wanted_by
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.reason_codes import Reason
from payments.domain.transaction import Payer
from payments.persistence import insurers_parts
from payments.use_cases.lock_settled import lock_settled
from payments.use_cases.release_allocations import Released, release_allocations
from payments.use_cases.settle_from_given import lock_given

Incoming = tuple[UUID, int, Sequence[Wish]]
"""An insurer's payment that is about to be recorded: its patient, its amount in minor units, and what it is for."""


async def make_room_for_insurers(work: Work, incoming: Sequence[Incoming], payer: Payer) -> dict[UUID, int]:
    """Make room for payments of an insurer, which are recorded right after it in the same transaction.

    Returns what each invoice takes of its money at most, where it decided how much it pays (`limit_minor`).
    """
    named = sorted({wish.invoice_id for *_, wishes in incoming for wish in wishes})
    if payer.kind != "insurer" or not named:
        return {}
    # Only under their locks: a decision that is followed at this moment may be what this waits for.
    locked, settling = await lock_settled(work, named)
    parts = await insurers_parts.of_invoices(work.connection, named)
    payments = list(settling.values())
    room = {id_: room_minor(parts.get(id_, NOTHING), payer, payments, invoice) for id_, invoice in locked.items()}
    known = {id_: limit_minor(parts.get(id_, NOTHING), payer, payments, invoice) for id_, invoice in locked.items()}
    limits = {id_: minor for id_, minor in known.items() if minor is not None}
    asked = {id_: invoice.payable_minor + room[id_] for id_, invoice in locked.items()}
    takes = {id_: min(minor, limits.get(id_, minor)) for id_, minor in asked.items()}
    wanted = [wanted_by(amount, wishes, takes) for _, amount, wishes in incoming]
    if any(room.values()):
        patients = {patient_id for patient_id, *_ in incoming}
        await lock_given(work, locked, settling, freeing=dict.fromkeys(locked, work.clinic_id), others=patients)
    releases: list[Released] = []
    for invoice_id, minor in ((id_, minor) for one in wanted for id_, minor in one.items()):
        beyond = min(minor - locked[invoice_id].payable_minor, room[invoice_id]) if invoice_id in locked else 0
        if beyond > 0:
            invoice = locked[invoice_id]
            movements = make_room(parts.get(invoice_id, NOTHING), payer, payments, invoice, beyond)
            releases.append(release_for_insurer(work.clinic_id, payer, invoice, movements))
    if releases:
        invoices = {release.invoice.invoice_id: release.invoice for release in releases}
        await release_allocations(work, releases, settling, invoices.values())
    return limits


def release_for_insurer(
    clinic_id: UUID, payer: Payer, invoice: InvoiceBalance, movements: Mapping[UUID, Movement]
) -> Released:
    """What makes room for an insurer's money on an invoice."""
    words = f"{payer.name or 'the insurer'} pays it of invoice {invoice.number}"
    return Released(clinic_id, invoice, movements, Reason("insurer_paid", words))
