"""Which payment has a reference already, read while nobody else records one with it (`PAY-17`)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money
from chassis.typed import alike_sql, ungrouped_sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.reference_errors import ReferenceUsed
from payments.domain.transaction import Payer

_REFERENCE = ungrouped_sql("CAST(:reference AS text)")
_ALONE = text(
    f"""
    SELECT pg_advisory_xact_lock(
               hashtextextended('reference ' || CAST(CAST(:clinic_id AS uuid) AS text) || ' ' || {_REFERENCE}, 0))
    """
)
# A patient who pays is the one who is treated; an insurer or third party is known by its id, else by its name.
_FIRST = text(
    f"""
    SELECT t.transaction_id, t.booked_on, t.amount_minor, t.currency
      FROM transactions AS t JOIN payment_positions AS p ON p.payment_id = t.transaction_id
     WHERE t.clinic_id = :clinic_id AND t.kind = 'payment' AND t.reference_alike = {_REFERENCE}
       AND t.method = :method
       AND {alike_sql("t.method_label")} IS NOT DISTINCT FROM {alike_sql("CAST(:method_label AS text)")}
       AND p.status <> 'cancelled' AND t.payer_kind = :payer_kind
       AND CASE WHEN t.payer_kind = 'patient' THEN t.patient_id = :patient_id
                WHEN t.payer_id IS NULL OR CAST(:payer_id AS uuid) IS NULL
                    THEN {alike_sql("t.payer_name")} = {alike_sql("CAST(:payer_name AS text)")}
                ELSE t.payer_id = :payer_id END
     ORDER BY t.transaction_id LIMIT 1
    """  # noqa: S608 - our own texts
)


async def lock(connection: AsyncConnection, clinic_id: UUID, reference: str) -> None:
    """Let payments of a clinic that have the same reference wait for each other until the commit, before any lock."""
    await connection.execute(_ALONE, {"clinic_id": clinic_id, "reference": reference})


async def require_new(
    connection: AsyncConnection,
    clinic_id: UUID,
    reference: str,
    *,
    payer: Payer,
    patient_id: UUID,
    method: str,
    method_label: str | None,
) -> None:
    """See that no payment that stands, or that the bank took back, has it. Raises ReferenceUsed, naming the first."""
    values = {
        "clinic_id": clinic_id,
        "reference": reference,
        "payer_kind": payer.kind,
        "payer_id": payer.payer_id,
        "payer_name": payer.name,
        "patient_id": patient_id,
        "method": method,
        "method_label": method_label,
    }
    first = (await connection.execute(_FIRST, values)).one_or_none()
    if first is not None:
        raise ReferenceUsed(first.transaction_id, first.booked_on, Money(first.amount_minor, first.currency))
