"""Take back reverted procedures: unbilled they disappear, on a draft their line goes, else a person looks (`INV-1`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.database import Work

from invoicing.domain.billable_procedure import Reversal
from invoicing.domain.review import Review
from invoicing.persistence import billable_procedures, drafts, invoices, treatment_plans


async def take_back_procedures(work: Work, reversals: Sequence[Reversal]) -> None:
    """Take procedures back, also those whose completion has not arrived yet: that is remembered.

    An issued invoice changes nothing by itself: it is marked for review. A reversal older than the completion that is
    known, or than one that is, is passed over.
    """
    known = await billable_procedures.lock_known(
        work.connection, [(one.clinic_id, one.procedure_id) for one in reversals]
    )
    latest = {(one.clinic_id, one.procedure_id): one for one in sorted(reversals, key=lambda one: one.sequence)}
    news = [(one, known.get(key)) for key, one in latest.items() if _is_news(known.get(key), one)]
    await billable_procedures.revert(work.connection, [one for one, _ in news], work.now)
    # What is reverted already only learns that it was so later: a completion from between the two brings nothing back.
    first = [(one, row) for one, row in news if row is not None and row.reverted_at is None]
    ahead = [one.procedure_id for one, row in first if row.invoiced_ahead]
    billed = [(one, row) for one, row in first if row.invoice_id is not None]
    if billed:
        await treatment_plans.lock(work.connection, procedures=[one.procedure_id for one, _ in billed])
    if ahead:
        await treatment_plans.uncover(work.connection, ahead)
    if billed:
        await _take_from_invoices(work, billed)


async def _take_from_invoices(work: Work, billed: Sequence[tuple[Reversal, Any]]) -> None:
    statuses = await drafts.lock_statuses(work.connection, {row.invoice_id for _, row in billed})
    freed = [(one, row) for one, row in billed if row.invoiced_ahead or statuses.get(row.invoice_id) != "issued"]
    on_drafts = [(one, row) for one, row in freed if statuses.get(row.invoice_id) == "draft" and not row.invoiced_ahead]
    issued = [(one, row) for one, row in billed if not row.invoiced_ahead and statuses.get(row.invoice_id) == "issued"]
    if on_drafts:
        await _take_from_drafts(work, on_drafts)
    if freed:
        invoice_ids, procedure_ids = [row.invoice_id for _, row in freed], [one.procedure_id for one, _ in freed]
        await billable_procedures.release(work.connection, invoice_ids, procedure_ids)
    reviews = [Review(one.clinic_id, row.invoice_id, "procedure_reverted", one.procedure_id) for one, row in issued]
    await drafts.mark_for_review(work.connection, reviews, work.now)


async def _take_from_drafts(work: Work, on_drafts: Sequence[tuple[Reversal, Any]]) -> None:
    invoice_ids = sorted({row.invoice_id for _, row in on_drafts})
    procedure_ids = [one.procedure_id for one, _ in on_drafts]
    empty = await drafts.take_lines(work.connection, invoice_ids, procedure_ids, work.now)
    await treatment_plans.release(work.connection, invoice_ids, procedure_ids)
    await drafts.drop_marks(work.connection, invoice_ids, procedure_ids)
    if empty:
        await invoices.delete(work.connection, empty)


def _is_news(row: Any, reversal: Reversal) -> bool:
    if row is None:
        return True
    if row.reverted_at is not None:
        return bool(reversal.sequence > row.reverted_sequence)
    return bool(reversal.sequence >= row.sequence)
