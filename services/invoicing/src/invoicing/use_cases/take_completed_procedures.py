"""Take completed procedures as billable, each once, and start what their clinics' policies say (`INV-1`, `INV-2`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chassis.database import Work

from invoicing.domain.billable_procedure import BillableProcedure, KnownProcedure, Reservation
from invoicing.domain.review import Review
from invoicing.persistence import billable_procedures, drafts, treatment_plans
from invoicing.persistence.billable_procedures import Key
from invoicing.use_cases.draft_procedures import draft_procedures
from invoicing.use_cases.take_off_drafts import take_off_drafts


async def take_completed_procedures(work: Work, procedures: Sequence[BillableProcedure]) -> None:
    """Make each billable once, however often and in whatever order its events arrive.

    A reversal that is known already wins, unless the completion is a later one; then it is billable again. What was
    invoiced ahead with its treatment plan is not billed again (`INV-10`). A later completion that says something else
    than what bills it comes to the same as with a reversal between them: it is billed anew where that is a draft, and
    an invoice that was issued is for a person to look at.
    """
    known = await billable_procedures.lock_known(work.connection, [_key(one) for one in procedures])
    procedures = await _at_accepted_fees(work, procedures)
    fresh: dict[Key, BillableProcedure] = {}
    again: dict[Key, BillableProcedure] = {}
    for one in sorted(procedures, key=lambda procedure: procedure.sequence):
        row = known.get(_key(one))
        if row is None:
            fresh[_key(one)] = one
        elif _says_more(row, one):
            again[_key(one)] = one
    corrected = await _corrected(work, known, again)
    freed = await _take_off_drafts(work, known, again, corrected)
    kept = _claims_kept(known, {key: one for key, one in again.items() if key not in freed})
    unbilled = [one for one in [*fresh.values(), *again.values()] if _key(one) in freed or _is_unbilled(known, one)]
    claims = await _claim(work, unbilled)
    await billable_procedures.add(work.connection, list(fresh.values()), claims, work.now)
    await billable_procedures.complete(work.connection, list(again.values()), kept | claims, work.now)
    await _close_reversal_reviews(work, {key: one for key, one in kept.items() if key not in corrected})
    await _mark_for_review(work, {key: one for key, one in kept.items() if key in corrected})


async def _at_accepted_fees(work: Work, procedures: Sequence[BillableProcedure]) -> list[BillableProcedure]:
    """What is said without a fee costs what the patient accepted with the treatment plan, as if invoiced ahead."""
    items = {
        (procedure.clinic_id, procedure.treatment_plan_item_id) for procedure in procedures if procedure.fee is None
    }
    planned = [(clinic_id, item_id) for clinic_id, item_id in items if item_id is not None]
    fees = await treatment_plans.fees_of(work.connection, planned) if planned else {}
    return [
        replace(procedure, fee=fees.get((procedure.clinic_id, item_id)))
        if procedure.fee is None and (item_id := procedure.treatment_plan_item_id)
        else procedure
        for procedure in procedures
    ]


async def _corrected(
    work: Work, known: Mapping[Key, KnownProcedure], again: Mapping[Key, BillableProcedure]
) -> set[Key]:
    """Those of which a draft or an issued invoice bills something else than what is said now."""
    billed = {key: row.invoice_id for key in again if (row := known[key]).invoice_id and not row.invoiced_ahead}
    lines = await drafts.lines_of(work.connection, [(id_, key[1]) for key, id_ in billed.items() if id_])
    return {
        key for key, id_ in billed.items() if (line := lines.get((id_, key[1]))) and not again[key].is_billed_by(line)
    }


async def _take_off_drafts(
    work: Work,
    known: Mapping[Key, KnownProcedure],
    again: Mapping[Key, BillableProcedure],
    corrected: Collection[Key],
) -> set[Key]:
    """Free those that a draft bills; which they were. All that is locked then is locked here, in one order."""
    if not corrected:
        return set()
    items = [(key[0], item) for key in corrected if (item := again[key].treatment_plan_item_id)]
    await treatment_plans.lock(work.connection, keys=items, procedures=[procedure_id for _, procedure_id in corrected])
    visits = {(key[0], visit) for key in corrected if (visit := again[key].appointment_id)}
    billing = {key: id_ for key in corrected if (id_ := known[key].invoice_id)}
    others = await drafts.of_appointments(work.connection, visits)
    statuses = await drafts.lock_statuses(work.connection, [*billing.values(), *others])
    freed = {key: id_ for key, id_ in billing.items() if statuses.get(id_) == "draft"}
    if freed:
        await take_off_drafts(work, [(id_, procedure_id) for (_, procedure_id), id_ in freed.items()])
    return set(freed)


async def _mark_for_review(work: Work, corrected: Mapping[Key, Reservation]) -> None:
    """What was done is not what an issued invoice bills: as reverted, and done otherwise."""
    reviews = [
        Review(clinic_id, one.invoice_id, "procedure_reverted", procedure_id)
        for (clinic_id, procedure_id), one in corrected.items()
    ]
    await drafts.mark_for_review(work.connection, reviews, work.now)


async def _claim(work: Work, unbilled: Sequence[BillableProcedure]) -> dict[Key, Reservation]:
    planned = {
        _key(procedure): procedure.treatment_plan_item_id for procedure in unbilled if procedure.treatment_plan_item_id
    }
    if planned:
        await treatment_plans.lock(work.connection, keys=((clinic, item) for (clinic, _), item in planned.items()))
    covered = await treatment_plans.cover(work.connection, ((c, item, p) for (c, p), item in planned.items()))
    ahead = {key: Reservation(invoice_id, ahead=True) for key, invoice_id in covered.items()}
    claims = await draft_procedures(work, [procedure for procedure in unbilled if _key(procedure) not in ahead])
    billed = [(key, item) for key, item in planned.items() if key in claims]
    await treatment_plans.bill(
        work.connection,
        [(clinic_id, item, procedure_id) for (clinic_id, procedure_id), item in billed],
        [claims[key].invoice_id for key, _ in billed],
    )
    return claims | ahead


async def _close_reversal_reviews(work: Work, kept: Mapping[Key, Reservation]) -> None:
    """What was reverted and is completed again needs no look any more; the invoice's other reviews stay."""
    again = [(claim.invoice_id, procedure_id) for (_, procedure_id), claim in kept.items() if not claim.ahead]
    await drafts.close_reversals(work.connection, again, work.now, work.actor, "completed again")


def _key(procedure: BillableProcedure) -> Key:
    return procedure.clinic_id, procedure.procedure_id


def _says_more(row: KnownProcedure, completion: BillableProcedure) -> bool:
    """Whether a completion adds to what is known: the first one after a reversal came early, or a later one.

    A later one is remembered though nothing was reverted: a reversal from between the two may still be on its way.
    """
    if row.completed_at is None:
        return True
    return completion.sequence > max(row.sequence, row.reverted_sequence or 0)


def _is_unbilled(known: Mapping[Key, KnownProcedure], completion: BillableProcedure) -> bool:
    row = known.get(_key(completion))
    if row is None:
        return True
    waits = row.completed_at is None or row.reverted_at is not None
    return waits and row.invoice_id is None and completion.sequence > (row.reverted_sequence or 0)


def _claims_kept(known: Mapping[Key, KnownProcedure], again: Mapping[Key, BillableProcedure]) -> dict[Key, Reservation]:
    """An invoice that was issued keeps its procedure through reversal and renewed completion."""
    rows = ((key, known[key]) for key in again)
    return {key: Reservation(row.invoice_id, row.invoiced_ahead) for key, row in rows if row.invoice_id is not None}
