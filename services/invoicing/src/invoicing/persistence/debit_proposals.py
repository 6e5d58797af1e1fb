"""The debit notes that are proposed to the desk (`PAY-6`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database.rows import Rows, record_of, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.debit_proposal import DebitProposal, ProposalState
from invoicing.domain.errors import NotFound
from invoicing.persistence.tables.invoices import DEBIT_PROPOSALS

_ROWS = Rows(DEBIT_PROPOSALS)
_ADD = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING")
_LOCK = text("SELECT * FROM debit_proposals WHERE clinic_id = :clinic_id AND id = :id FOR UPDATE")
_CLOSE = text(
    """
    UPDATE debit_proposals SET state = :state, closed_at = :closed_at, closed_by = :closed_by,
           closed_because = :closed_because, note_id = :note_id
     WHERE clinic_id = :clinic_id AND id = :id
    """
)
_LIST = text(
    """
    SELECT * FROM debit_proposals
     WHERE clinic_id = :clinic_id AND (CAST(:state AS text) IS NULL OR state = :state)
       AND (CAST(:patient_id AS uuid) IS NULL OR patient_id = ANY(records_of(:clinic_id, :patient_id)))
       AND (CAST(:before AS uuid) IS NULL OR id < :before)
     ORDER BY id DESC LIMIT :most
    """
)


async def add(connection: AsyncConnection, proposals: Sequence[DebitProposal]) -> None:
    """Propose, each once however often its chargeback is told."""
    if proposals:
        await connection.execute(_ADD, _ROWS.arrays(map(record_of, proposals)))


async def lock(connection: AsyncConnection, clinic_id: UUID, id_: UUID) -> DebitProposal:
    """One of them, locked for a decision about it. Raises NotFound."""
    found = rows_as(DebitProposal, await connection.execute(_LOCK, {"clinic_id": clinic_id, "id": id_}))
    if not found:
        raise NotFound("proposed debit note", id_)
    return found[0]


async def close(connection: AsyncConnection, proposal: DebitProposal) -> None:
    """Write what became of a locked one."""
    await connection.execute(_CLOSE, record_of(proposal))


async def listed(
    connection: AsyncConnection,
    clinic_id: UUID,
    state: ProposalState | None,
    patient_id: UUID | None,
    before: UUID | None,
    most: int,
) -> list[DebitProposal]:
    """Proposals by state and patient, the latest first."""
    values = {"clinic_id": clinic_id, "state": state, "patient_id": patient_id, "before": before, "most": most}
    return rows_as(DebitProposal, await connection.execute(_LIST, values))
