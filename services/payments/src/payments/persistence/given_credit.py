"""Credit that payments left of the invoices they were given for: what each may still settle there (`PAY-22`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import Rows
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.given_credit import SETTLED_AGAIN, GivenCredit
from payments.persistence.tables import OVERPAYMENTS

# What a payment left when it was recorded, and what nobody asked to leave the invoice later: documents, insurers' money
# and a refund that was cancelled when less was asked for set it free. What settled it again counts against it, whoever
# undid that. Where a person made some of it credit, or undid the move that had brought it, it is not given for it any
# more; what was moved to another invoice settles something there, and says nothing of the rest. An insurer's settles
# its part (`INS-4`).
# It is the credit of those whose credit these postings made it; what they hold of the payment beyond it is not given.
_GIVEN = Statement(
    f"""
    WITH freed AS (
        SELECT j.clinic_id, j.invoice_id, j.payment_id, j.posting_id, j.minor
          FROM journal_entries AS j
          JOIN transactions AS t ON t.transaction_id = j.posting_id
          LEFT JOIN transactions AS u ON u.reverses_id = t.transaction_id AND u.kind = 'refund_cancellation'
         WHERE j.invoice_id = ANY (CAST(:ids AS uuid[])) AND j.payment_id IS NOT NULL AND j.payer_kind <> 'insurer'
           AND j.account IN ('receivable', 'refund_allowances')
           AND (t.kind IN ('release', 'refund_cancellation') OR u.transaction_id IS NOT NULL
                OR (t.kind = 'credit_application' AND t.reason_code = '{SETTLED_AGAIN}'))
    ),
    left_over AS (
        SELECT o.clinic_id, o.invoice_id, o.payment_id, o.minor, t.patient_id
          FROM overpayments AS o JOIN transactions AS t ON t.transaction_id = o.payment_id
         WHERE o.invoice_id = ANY (CAST(:ids AS uuid[])) AND t.payer_kind <> 'insurer'
    ),
    given AS (
        SELECT clinic_id, invoice_id, payment_id, sum(minor)::bigint AS minor
          FROM (SELECT clinic_id, invoice_id, payment_id, minor FROM freed
                 UNION ALL
                SELECT clinic_id, invoice_id, payment_id, minor FROM left_over) AS parts
         GROUP BY clinic_id, invoice_id, payment_id HAVING sum(minor) > 0
    ),
    became AS (
        SELECT f.clinic_id, f.invoice_id, f.payment_id, c.patient_id, -c.minor AS minor
          FROM (SELECT DISTINCT clinic_id, invoice_id, payment_id, posting_id FROM freed) AS f
          JOIN journal_entries AS c ON c.posting_id = f.posting_id AND c.payment_id = f.payment_id
                                   AND c.account = 'patient_credit'
         UNION ALL
        SELECT clinic_id, invoice_id, payment_id, patient_id, minor FROM left_over
    ),
    holders AS (
        SELECT invoice_id, payment_id, survivor_of(clinic_id, patient_id) AS holder, sum(minor)::bigint AS minor
          FROM became GROUP BY 1, 2, 3 HAVING sum(minor) > 0
    )
    SELECT g.invoice_id, g.payment_id, g.clinic_id, g.minor, survivor_of(g.clinic_id, i.patient_id) AS person,
           h.holder, h.minor AS of_holder
      FROM given AS g
      JOIN invoices AS i ON i.invoice_id = g.invoice_id
      JOIN holders AS h ON h.invoice_id = g.invoice_id AND h.payment_id = g.payment_id
     WHERE EXISTS (SELECT FROM credit_parts AS c WHERE c.payment_id = g.payment_id AND c.minor > 0)
       AND NOT EXISTS (SELECT FROM journal_entries AS j
                         JOIN transactions AS t ON t.transaction_id = j.posting_id
                         LEFT JOIN transactions AS u ON u.reverses_id = t.transaction_id
                        WHERE j.payment_id = g.payment_id AND j.invoice_id = g.invoice_id
                          AND j.account IN ('receivable', 'refund_allowances') AND u.transaction_id IS NULL
                          AND (t.kind = 'move_cancellation'
                               OR t.kind IN ('allocation_move', 'application_cancellation')
                              AND EXISTS (SELECT FROM journal_entries AS c
                                           WHERE c.posting_id = t.transaction_id AND c.account = 'patient_credit'))
                        GROUP BY t.transaction_id HAVING sum(j.minor) > 0)
     ORDER BY g.invoice_id, g.payment_id, h.holder <> survivor_of(g.clinic_id, i.patient_id), h.holder
    """  # noqa: S608 - our own word
)
_CAME_FOR = Statement(
    """
    SELECT invoice_id FROM overpayments WHERE payment_id = ANY (CAST(:ids AS uuid[]))
     UNION
    SELECT invoice_id FROM journal_entries
     WHERE payment_id = ANY (CAST(:ids AS uuid[])) AND invoice_id IS NOT NULL
       AND account IN ('receivable', 'refund_allowances')
    """
)
_ROWS = Rows(OVERPAYMENTS)


async def of_invoices(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> list[GivenCredit]:
    """What was given for these invoices and is credit, the oldest payment of each first; not locked."""
    wanted = list(invoice_ids)
    if not wanted:
        return []
    found: dict[tuple[UUID, UUID], GivenCredit] = {}
    for row in await _GIVEN.rows(connection, {"ids": wanted}):
        key = row["invoice_id"], row["payment_id"]
        given = found.setdefault(key, GivenCredit(*key, row["clinic_id"], row["minor"], row["person"], {}))
        given.holders[row["holder"]] = row["of_holder"]
    return list(found.values())


async def payments_of(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> set[UUID]:
    """The payments that it is credit of."""
    return {given.payment_id for given in await of_invoices(connection, invoice_ids)}


async def invoices_of(connection: AsyncConnection, payment_ids: Iterable[UUID]) -> set[UUID]:
    """The invoices that these payments came for: what they settled, and what they left over when recorded."""
    wanted = list(payment_ids)
    return {row["invoice_id"] for row in await _CAME_FOR.rows(connection, {"ids": wanted})} if wanted else set()


async def keep(connection: AsyncConnection, clinic_id: UUID, payment_id: UUID, left: Mapping[UUID, int]) -> None:
    """Keep what a new payment left as credit of each invoice that it was given for, if it left any."""
    shared = {"payment_id": payment_id, "clinic_id": clinic_id}
    rows = [shared | {"invoice_id": invoice_id, "minor": minor} for invoice_id, minor in left.items()]
    await _ROWS.insert(connection, rows)
