"""Insurers' transfers by their reference: each counts once (`INS-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money
from chassis.typed import alike_sql, ungrouped_sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.reference_errors import ReferenceUsed
from payments.domain.transaction import Payer

# A payment or a take-back that was cancelled as a mistake does not count: its transfer is recorded anew.
_KNOWN = text(
    f"""
    SELECT t.transaction_id, t.booked_on, t.amount_minor, t.currency FROM transactions AS t
     WHERE t.clinic_id = :clinic_id AND t.reference_alike = {ungrouped_sql("CAST(:reference AS text)")}
       AND t.payer_kind = 'insurer'
       AND t.kind IN ('payment', 'take_back', 'insurer_withheld', 'insurer_added', 'insurer_interest',
                      'interest_taken_back')
       AND CASE WHEN t.payer_id IS NOT NULL AND CAST(:payer_id AS uuid) IS NOT NULL THEN t.payer_id = :payer_id
                ELSE {alike_sql("t.payer_name")} = {alike_sql("CAST(:name AS text)")} END
       AND NOT EXISTS (SELECT FROM transactions AS c WHERE c.reverses_id = t.transaction_id
                          AND c.kind IN ('cancellation', 'take_back_cancellation'))
     ORDER BY t.transaction_id LIMIT 1
    """  # noqa: S608 - our own texts
)


async def require_new(connection: AsyncConnection, clinic_id: UUID, payer: Payer, reference: str) -> None:
    """See that no transfer of this insurer has it, whatever it consisted of. Raises ReferenceUsed, naming the first."""
    wanted = {"clinic_id": clinic_id, "reference": reference, "payer_id": payer.payer_id, "name": payer.name}
    first = (await connection.execute(_KNOWN, wanted)).one_or_none()
    if first is not None:
        raise ReferenceUsed(first.transaction_id, first.booked_on, Money(first.amount_minor, first.currency))
