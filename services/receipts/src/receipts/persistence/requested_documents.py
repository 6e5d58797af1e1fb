"""What becomes of documents that somebody wants: one look for all of them, however many wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.database.rows import values_of
from sqlalchemy import Integer, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.requested_document import FoundDocument, Rendered, RequestedDocument
from receipts.persistence.render_tasks import RENDITIONS, renditions_of

BELL = "documents_made"
"""Rung after a document was stored or set aside: whoever waits for it looks."""
_REQUESTED = values_of(kind=Text(), id=Uuid(), place=Integer())
_ARRIVED = text(
    f"""
    WITH wanted AS (SELECT document_id, rendition FROM {RENDITIONS.given()})
    SELECT clinic_id, document_id, rendition FROM stored_documents JOIN wanted USING (document_id, rendition)
     UNION ALL
    SELECT clinic_id, document_id, rendition FROM composed_documents JOIN wanted USING (document_id)
     WHERE pdf IS NOT NULL
     UNION ALL
    SELECT clinic_id, document_id, rendition FROM render_tasks JOIN wanted USING (document_id, rendition)
     WHERE state = 'set_aside'
    """  # noqa: S608 - constants
)
_STATES = text(
    f"""
    WITH wanted AS (
        SELECT kind, id, place FROM {_REQUESTED.given()}),
    known AS (
        SELECT w.place, r.receipt_id AS document_id, r.voided_at IS NOT NULL AS void
          FROM wanted w JOIN receipts r ON w.kind = 'receipt' AND r.receipt_id = w.id
         UNION ALL
        SELECT w.place, i.invoice_id, i.voided_at IS NOT NULL
          FROM wanted w JOIN invoices i ON w.kind = 'invoice' AND i.invoice_id = w.id
         UNION ALL
        SELECT w.place, a.agreement_id, NOT coalesce(p.live, true)
          FROM wanted w
         CROSS JOIN LATERAL (SELECT agreement_id, plan_id FROM plan_agreements
                              WHERE plan_id = w.id ORDER BY version DESC LIMIT 1) a
          LEFT JOIN installment_plans p ON p.plan_id = a.plan_id
         WHERE w.kind = 'installment_plan'),
    named AS (SELECT *, CASE WHEN void THEN 'void' ELSE 'original' END AS rendition FROM known)
    SELECT w.kind, w.id, n.document_id, n.rendition, d.document_id IS NOT NULL AS made,
           coalesce(t.state = 'set_aside', false) OR x.document_id IS NOT NULL AS set_aside
      FROM wanted w
      LEFT JOIN named n USING (place)
      LEFT JOIN stored_documents d ON d.document_id = n.document_id AND d.rendition = n.rendition
      LEFT JOIN render_tasks t ON t.document_id = n.document_id AND t.rendition = n.rendition
      LEFT JOIN deleted_documents x ON x.document_id = n.document_id
     ORDER BY w.place
    """  # noqa: S608 - constants
)


async def arrived(connection: AsyncConnection, wanted: Iterable[Rendered]) -> list[tuple[UUID, Rendered]]:
    """Those that are made, or set aside so that nobody need wait any longer, each with its clinic."""
    rows = await connection.execute(_ARRIVED, renditions_of(wanted))
    return [(row.clinic_id, (row.document_id, row.rendition)) for row in rows]


async def states_of(connection: AsyncConnection, requested: Sequence[RequestedDocument]) -> list[FoundDocument]:
    """What there is of each, in their order: the rendition that a request would be answered with."""
    given = [{"kind": each.kind, "id": each.id, "place": place} for place, each in enumerate(requested)]
    rows = await connection.execute(_STATES, _REQUESTED.arrays(given))
    return [
        FoundDocument(
            RequestedDocument(row.kind, row.id),
            (row.document_id, row.rendition) if row.document_id else None,
            made=row.made,
            set_aside=row.set_aside,
        )
        for row in rows
    ]
