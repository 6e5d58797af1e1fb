"""Mark receipts as void after a cancellation or a chargeback (`RCP-3`); the originals stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.database import Work

from receipts.announcements import announce_voided
from receipts.domain.errors import FactsMissing
from receipts.domain.receipt import Voided
from receipts.domain.render_task import LATER, RenderTask
from receipts.persistence import receipts, render_tasks
from receipts.persistence.render_tasks import BELL


async def void_receipts(work: Work, voided: Mapping[UUID, Voided]) -> None:
    """Void the receipts of these transactions, once. Raises FactsMissing, by transaction, for one without a receipt.

    A receipt that is still to be rendered is announced as void when it has been announced as issued: in that order.
    """
    known = await receipts.numbers_of(work.connection, voided.keys())
    missing = {id_: f"transaction {id_} has no receipt yet" for id_ in voided if id_ not in known}
    if missing:
        raise FactsMissing(missing)
    stored = [one for one in await receipts.void(work.connection, voided) if one.stored]
    for receipt in stored:
        announce_voided(work, receipt, voided[receipt.transaction_id], work.now)
    if stored:
        tasks = [RenderTask(one.receipt_id, "void", one.clinic_id, "receipt", priority=LATER) for one in stored]
        await render_tasks.add(work.connection, tasks)
        work.ring(BELL)
