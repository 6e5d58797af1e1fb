"""An invoice's story: every document, payment, review and reminder of it in the order of time, with its outstanding."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.story import Place, Step

# A note that goes with a refund stands at the refund's instant, and what happens at one instant counts at once: so the
# outstanding is never shown higher than it was.
_NONE = "'00000000-0000-0000-0000-000000000000'::uuid"
# What is said on the clock stands behind every version of a plan of its instant.
_CLOCK = 1_000_000
_ENTRIES = f"""
    SELECT i.created_at AS at, 0 AS place, i.id AS id, {_NONE} AS part, 'drafted' AS kind, i.created_by AS by_subject,
           NULL::text AS reason, NULL::text AS number, NULL::text AS detail, NULL::uuid AS document_id,
           NULL::uuid AS transaction_id, NULL::uuid AS payment_id, NULL::uuid AS procedure_id, NULL::text AS method,
           NULL::bigint AS amount_minor, 0::bigint AS change
      FROM invoices i WHERE i.id = :id
     UNION ALL
    SELECT i.issued_at, 1, i.id, {_NONE}, 'issued', i.issued_by, NULL, i.number, NULL, i.id, NULL, NULL, NULL, NULL,
           i.total_minor, i.total_minor
      FROM invoices i WHERE i.id = :id AND i.issued_at IS NOT NULL
     UNION ALL
    SELECT coalesce(i.voided_at, i.changed_at), 6, i.id, {_NONE}, 'voided', i.voided_by, i.void_reason, i.number, NULL,
           i.id, NULL, NULL, NULL, NULL, i.total_minor, 0
      FROM invoices i WHERE i.id = :id AND i.voided_on IS NOT NULL
     UNION ALL
    SELECT coalesce((SELECT max(s.occurred_at) FROM settlements s
                      WHERE s.invoice_id = :id AND n.refund_id IS NOT NULL
                        AND n.refund_id = CASE n.side WHEN 'credit' THEN s.transaction_id ELSE s.refund_id END),
                    n.created_at),
           2, n.id, {_NONE}, n.side || 'ed', n.author, n.reason, n.number, n.kind, n.id, n.refund_id, NULL, NULL, NULL,
           n.total_minor, CASE n.side WHEN 'credit' THEN -n.total_minor ELSE n.total_minor END
      FROM notes n WHERE n.invoice_id = :id
     UNION ALL
    SELECT s.occurred_at, 3, s.transaction_id, s.payment_id, s.kind, s.by_subject, s.reason, NULL, s.payer_kind, NULL,
           s.transaction_id, s.payment_id, NULL, s.method, s.change_minor, -s.change_minor
      FROM settlements s WHERE s.invoice_id = :id
     UNION ALL
    SELECT v.made_at, 10 + v.version, v.plan_id, {_NONE},
           CASE WHEN v.cause = 'agreed' THEN 'plan_agreed' WHEN p.ended AND v.version = p.version THEN 'plan_cancelled'
                ELSE 'plan_changed' END,
           v.made_by, v.reason, NULL, v.cause, v.plan_id, NULL, NULL, NULL, NULL, NULL, 0
      FROM installment_plans p JOIN installment_plan_versions v ON v.plan_id = p.id WHERE p.invoice_id = :id
     UNION ALL
    SELECT r.noted_at, 4, r.id, {_NONE}, 'review_opened', NULL, NULL, NULL, r.cause, r.id, NULL, NULL,
           r.procedure_id, NULL, NULL, 0
      FROM reviews r WHERE r.invoice_id = :id
     UNION ALL
    SELECT r.closed_at, 5, r.id, {_NONE}, 'review_closed', r.closed_by, r.closed_because, NULL, r.cause, r.id,
           NULL, NULL, r.procedure_id, NULL, NULL, 0
      FROM reviews r WHERE r.invoice_id = :id AND r.closed_at IS NOT NULL
     UNION ALL
    SELECT d.applied_at, 7, d.id, {_NONE}, 'insurer_decided', NULL, NULL, NULL, d.payer_name, d.decision_id, NULL, NULL,
           NULL, NULL, d.paid_minor, 0
      FROM decisions d WHERE d.invoice_id = :id
     UNION ALL
    SELECT d.set_aside_at, 8, d.id, {_NONE}, 'decision_set_aside', NULL, d.detail, NULL, d.payer_name, d.decision_id,
           NULL, NULL, NULL, NULL, NULL, 0
      FROM set_aside_decisions d WHERE d.invoice_id = :id
     UNION ALL
    SELECT d.closed_at, 9, d.id, {_NONE}, 'decision_dismissed', d.closed_by, d.closed_because, NULL, d.payer_name,
           d.decision_id, NULL, NULL, NULL, NULL, NULL, 0
      FROM set_aside_decisions d WHERE d.invoice_id = :id AND d.state = 'dismissed'
     UNION ALL
    SELECT a.said_at, {_CLOCK}, a.id, {_NONE},
           CASE WHEN a.installment_id IS NULL THEN 'invoice_' ELSE 'installment_' END || a.step, NULL, NULL, NULL, NULL,
           a.plan_id, NULL, NULL, NULL, NULL, a.unpaid_minor, 0
      FROM due_announcements a WHERE a.invoice_id = :id
"""  # noqa: S608 - constants
_STORY = text(
    f"""
    SELECT story.*, a.installment_id, a.position, a.due_date FROM (
        SELECT e.*, CASE WHEN e.place = 0 OR bool_or(e.kind = 'voided') OVER told THEN 0
                         ELSE greatest(0, sum(e.change) OVER told) END::bigint AS outstanding_minor
          FROM ({_ENTRIES}) e WINDOW told AS (ORDER BY e.at)) story
      LEFT JOIN due_announcements a ON a.invoice_id = :id AND a.id = story.id
     WHERE (story.at, story.place, story.id, story.part) > (:at, :place, :id_after, :part)
     ORDER BY story.at, story.place, story.id, story.part LIMIT :most
    """  # noqa: S608 - constants
)
_BEGIN: Place = (datetime(1, 1, 2, tzinfo=UTC), 0, UUID(int=0), UUID(int=0))


async def story_of(connection: AsyncConnection, invoice_id: UUID, after: Place | None, most: int) -> list[Step]:
    """At most so many steps of an invoice's story, from behind a place on."""
    at, place, id_after, part = after or _BEGIN
    parameters = {"id": invoice_id, "at": at, "place": place, "id_after": id_after, "part": part, "most": most}
    return rows_as(Step, await connection.execute(_STORY, parameters))
