"""Take completed procedures as billable, each once, and start what their clinics' policies say (`INV-1`, `INV-2`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chassis.database import Work

from invoicing.domain.billable_procedure import BillableProcedure, KnownProcedure, Reservation
from invoicing.persistence import billable_procedures, drafts, treatment_plans
from invoicing.persistence.billable_procedures import Key
from invoicing.use_cases.draft_procedures import draft_procedures


async def take_completed_procedures(work: Work, procedures: Sequence[BillableProcedure]) -> None:
    """Make each billable once, however often and in whatever order its events arrive.

    A reversal that is known already wins, unless the completion is a later one; then it is billable again. What was
    invoiced ahead with its treatment plan is not billed again (`INV-10`).
    """
    known = await billable_procedures.lock_known(work.connection, [_key(one) for one in procedures])
    fresh: dict[Key, BillableProcedure] = {}
    again: dict[Key, BillableProcedure] = {}
    for one in sorted(procedures, key=lambda procedure: procedure.sequence):
        row = known.get(_key(one))
        if row is None:
            fresh[_key(one)] = one
        elif _says_more(row, one):
            again[_key(one)] = one
    kept = _claims_kept(known, again)
    unbilled = [one for one in [*fresh.values(), *again.values()] if _is_unbilled(known, one)]
    claims = await _claim(work, unbilled)
    await billable_procedures.add(work.connection, list(fresh.values()), claims, work.now)
    await billable_procedures.complete(work.connection, list(again.values()), kept | claims, work.now)
    await _close_reversal_reviews(work, kept)


async def _claim(work: Work, unbilled: Sequence[BillableProcedure]) -> dict[Key, Reservation]:
    planned = {_key(one): one.treatment_plan_item_id for one in unbilled if one.treatment_plan_item_id}
    if planned:
        await treatment_plans.lock(work.connection, keys=((clinic, item) for (clinic, _), item in planned.items()))
    covered = await treatment_plans.cover(work.connection, ((c, item, p) for (c, p), item in planned.items()))
    ahead = {key: Reservation(invoice_id, ahead=True) for key, invoice_id in covered.items()}
    claims = await draft_procedures(work, [one for one in unbilled if _key(one) not in ahead])
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
