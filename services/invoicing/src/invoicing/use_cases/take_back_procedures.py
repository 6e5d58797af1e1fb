"""Take back reverted procedures: unbilled they disappear, on a draft their line goes, else a person looks (`INV-1`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from invoicing.domain.billable_procedure import KnownProcedure, Reversal
from invoicing.domain.review import Review
from invoicing.persistence import billable_procedures, drafts, treatment_plans
from invoicing.use_cases.take_off_drafts import take_off_drafts


async def take_back_procedures(work: Work, reversals: Sequence[Reversal]) -> None:
    """Take procedures back, also those whose completion has not arrived yet: that is remembered.

    An issued invoice changes nothing by itself: it is marked for review. A reversal older than the completion that is
    known, or than one that is, is passed over.
    """
    known = await billable_procedures.lock_known(
        work.connection, [(reversal.clinic_id, reversal.procedure_id) for reversal in reversals]
    )
    latest = {
        (reversal.clinic_id, reversal.procedure_id): reversal
        for reversal in sorted(reversals, key=lambda one: one.sequence)
    }
    news = [(one, known.get(key)) for key, one in latest.items() if _is_news(known.get(key), one)]
    await billable_procedures.revert(work.connection, [one for one, _ in news], work.now)
    # What is reverted already only learns that it was so later: a completion from between the two brings nothing back.
    first = [(one, row) for one, row in news if row is not None and row.reverted_at is None]
    ahead = [one.procedure_id for one, row in first if row.invoiced_ahead]
    billed = [_Billed(one, row.invoice_id, row.invoiced_ahead) for one, row in first if row.invoice_id is not None]
    if billed:
        await treatment_plans.lock(work.connection, procedures=[one.reversal.procedure_id for one in billed])
    if ahead:
        await treatment_plans.uncover(work.connection, ahead)
    if billed:
        await _take_from_invoices(work, billed)


@dataclass(frozen=True, slots=True)
class _Billed:
    """A reversal of what an invoice has; `ahead`: it was invoiced with its treatment plan before."""

    reversal: Reversal
    invoice_id: UUID
    ahead: bool


async def _take_from_invoices(work: Work, billed: Sequence[_Billed]) -> None:
    statuses = await drafts.lock_statuses(work.connection, {one.invoice_id for one in billed})
    freed = [one for one in billed if one.ahead or statuses.get(one.invoice_id) != "issued"]
    on_drafts = [one for one in freed if statuses.get(one.invoice_id) == "draft" and not one.ahead]
    issued = [one for one in billed if not one.ahead and statuses.get(one.invoice_id) == "issued"]
    if on_drafts:
        await take_off_drafts(work, [(draft.invoice_id, draft.reversal.procedure_id) for draft in on_drafts])
    if freed:
        invoice_ids, procedure_ids = [one.invoice_id for one in freed], [one.reversal.procedure_id for one in freed]
        await billable_procedures.release(work.connection, invoice_ids, procedure_ids)
    reviews = [
        Review(one.reversal.clinic_id, one.invoice_id, "procedure_reverted", one.reversal.procedure_id)
        for one in issued
    ]
    await drafts.mark_for_review(work.connection, reviews, work.now)


def _is_news(row: KnownProcedure | None, reversal: Reversal) -> bool:
    if row is None:
        return True
    if row.reverted_at is not None:
        return reversal.sequence > (row.reverted_sequence or 0)
    return reversal.sequence >= row.sequence
