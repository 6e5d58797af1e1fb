"""After the database was restored, record again the payments that others know of, under their own ids (`ALL-7`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database import forgotten as forgotten_keys

from payments.domain.announced_payment import AnnouncedPayment
from payments.persistence import clinics, invoices, ledger, payment_groups, transactions


async def record_payments_again(work: Work, announced: Sequence[AnnouncedPayment]) -> set[UUID]:
    """Record those of these payments that the books can take as they were; which are in them now.

    Nothing is announced: others know it. What they cannot take is lost: its invoice asks for less now or is not known,
    its patient was forgotten, an insurer paid it.
    """
    there = set(await transactions.find_all(work.connection, [one.payment.payment_id for one in announced]))
    missing = [one for one in announced if one.payment.payment_id not in there]
    patients = {(one.clinic_id, str(one.payment.patient_id)) for one in missing}
    forgotten = await forgotten_keys.among(work.connection, patients)
    configured = await clinics.known(work.connection, {one.clinic_id for one in missing})
    groups = await payment_groups.known(
        work.connection, {one.payment.group_id for one in missing if one.payment.group_id}
    )
    locked = await invoices.lock(work.connection, {share.invoice_id for one in missing for share in one.shares})
    postings, payments = [], []
    for one in missing:
        person = (one.clinic_id, str(one.payment.patient_id))
        if one.clinic_id in configured and person not in forgotten and one.can_be_recorded(locked, groups):
            postings.append(one.record(locked))
            payments.append(one.payment)
    if postings:
        touched = {part.invoice_id for posting in postings for part in posting.movement.settlements}
        await ledger.post(work.connection, postings, payments, [locked[one] for one in sorted(touched)])
    return there | {one.payment_id for one in payments}
