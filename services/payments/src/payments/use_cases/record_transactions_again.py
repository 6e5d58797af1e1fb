"""After the database was restored, record again the transactions that others know of, under their own ids (`ALL-7`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.database import Work
from chassis.database import forgotten as forgotten_keys

from payments.domain.announced_transaction import AnnouncedTransaction, Books, Refunded
from payments.domain.clinic import Clinic
from payments.persistence import (
    clinics,
    documents,
    invoices,
    ledger,
    payment_groups,
    payments,
    refund_adjustments,
    transactions,
)


async def record_transactions_again(work: Work, announced: Sequence[AnnouncedTransaction]) -> None:
    """Record those of these transactions that the books can take as they were, in their order, each once.

    Nothing is announced: others know it. Not those of patients who were forgotten. Groups that are not there any more
    are left out.
    """
    ids = {one.transaction.transaction_id for one in announced}
    known = set(await transactions.find_all(work.connection, sorted(ids)))
    missing = [one for one in announced if one.transaction.transaction_id not in known]
    wanted = await _dated(work, await _without_groups(work, await _allowed(work, missing)))
    if not wanted:
        return
    books = await _lock(work, wanted)
    postings = [posting for one in wanted for posting in one.record(books)]
    if postings:
        changed = {payment_id for posting in postings for payment_id in posting.payment_ids} & books.payments.keys()
        touched = {part.invoice_id for posting in postings for part in posting.movement.settlements}
        await ledger.post(
            work.connection,
            postings,
            [books.payments[id_] for id_ in sorted(changed)],
            [books.invoices[id_] for id_ in sorted(touched)],
        )


async def _allowed(work: Work, announced: Sequence[AnnouncedTransaction]) -> list[AnnouncedTransaction]:
    """Those of clinics that are known and of patients who were not forgotten."""
    patients = {(one.clinic_id, str(one.transaction.patient_id)) for one in announced}
    forgotten = await forgotten_keys.among(work.connection, patients)
    configured = await clinics.known(work.connection, {one.clinic_id for one in announced})
    return [
        one
        for one in announced
        if one.clinic_id in configured and (one.clinic_id, str(one.transaction.patient_id)) not in forgotten
    ]


async def _without_groups(work: Work, announced: Sequence[AnnouncedTransaction]) -> list[AnnouncedTransaction]:
    named = {one.transaction.group_id for one in announced if one.transaction.group_id is not None}
    gone = named - await payment_groups.known(work.connection, named) if named else set()
    return [_without_group(one) if one.transaction.group_id in gone else one for one in announced]


def _without_group(one: AnnouncedTransaction) -> AnnouncedTransaction:
    payment = None if one.payment is None else replace(one.payment, group_id=None)
    return replace(one, transaction=replace(one.transaction, group_id=None), payment=payment)


async def _dated(work: Work, announced: Sequence[AnnouncedTransaction]) -> list[AnnouncedTransaction]:
    """Releases on the clinic's calendar day, which their events do not say (`PAY-10`)."""
    releases = {one.clinic_id for one in announced if one.transaction.kind == "release"}
    of_clinic = await clinics.clinics_of(work.connection, releases) if releases else {}
    return [_on_day(one, of_clinic[one.clinic_id]) if one.transaction.kind == "release" else one for one in announced]


def _on_day(one: AnnouncedTransaction, clinic: Clinic) -> AnnouncedTransaction:
    return replace(one, transaction=replace(one.transaction, booked_on=clinic.today(one.transaction.recorded_at)))


async def _lock(work: Work, announced: Sequence[AnnouncedTransaction]) -> Books:
    """All that they change, payments before invoices (`PAY-11`), with what they undo."""
    undoing = _undone_by(announced)
    locked = await payments.lock(work.connection, {id_ for one in announced for id_ in one.payment_ids})
    refunded: Refunded = {}
    for (refund_id, invoice_id), one in (await refund_adjustments.of_refunds(work.connection, undoing)).items():
        refunded.setdefault(refund_id, {})[invoice_id] = one
    of_refunds = {invoice_id for by_invoice in refunded.values() for invoice_id in by_invoice}
    asked = await invoices.lock(
        work.connection, of_refunds | {invoice_id for one in announced for invoice_id in one.invoice_ids}
    )
    found = await transactions.find_all(work.connection, sorted(undoing))
    return Books(
        payments=locked,
        invoices=asked,
        known={id_: one.linked_id for id_, one in found.items()},
        undone=set(await transactions.reversals_of(work.connection, sorted(undoing))),
        refunded=refunded,
        answered=await documents.answering(work.connection, [one.transaction.transaction_id for one in announced]),
    )


def _undone_by(announced: Sequence[AnnouncedTransaction]) -> Collection[UUID]:
    sides = [side for one in announced for side in (one.transaction, one.other) if side is not None]
    return {side.reverses_id for side in sides if side.reverses_id is not None}
