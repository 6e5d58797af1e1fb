"""What becomes of documents that somebody wants: one look for all of them, however many wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

BELL = "documents_made"
"""Rung after a document was stored or set aside: whoever waits for it looks."""
WantedKind = Literal["receipt", "invoice", "installment_plan"]
RENDERED_AS: dict[WantedKind, str] = {
    "receipt": "receipt",
    "invoice": "invoice",
    "installment_plan": "plan_agreement",
}
"""What the document of each is called in the queue of what is to be rendered."""
Rendered = tuple[UUID, str]
"""A document and its rendition."""

_ARRIVED = text(
    """
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:renditions AS text[])) AS w (document_id, rendition))
    SELECT clinic_id, document_id, rendition FROM stored_documents JOIN wanted USING (document_id, rendition)
     UNION ALL
    SELECT clinic_id, document_id, rendition FROM composed_documents JOIN wanted USING (document_id)
     WHERE pdf IS NOT NULL
     UNION ALL
    SELECT clinic_id, document_id, rendition FROM render_tasks JOIN wanted USING (document_id, rendition)
     WHERE state = 'set_aside'
    """
)
_LOOK = text(
    """
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) WITH ORDINALITY AS w (kind, id, place)),
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
    """
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document by what it is about: a receipt, an invoice, or an installment plan as it was agreed last."""

    kind: WantedKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a wanted document; `document` is None where what it is about is not known, or not yet.

    One whose retention has ended is made no more, as one that was set aside.
    """

    wanted: Wanted
    document: Rendered | None
    made: bool
    set_aside: bool


async def arrived(connection: AsyncConnection, wanted: Iterable[Rendered]) -> list[tuple[UUID, Rendered]]:
    """Those that are made, or set aside so that nobody need wait any longer, each with its clinic."""
    asked = list(wanted)
    values = {"ids": [one for one, _ in asked], "renditions": [name for _, name in asked]}
    rows = await connection.execute(_ARRIVED, values)
    return [(row.clinic_id, (row.document_id, row.rendition)) for row in rows]


async def look_for(connection: AsyncConnection, wanted: Sequence[Wanted]) -> list[Found]:
    """What there is of each, in their order: the rendition that a request would be answered with."""
    rows = await connection.execute(_LOOK, {"kinds": [one.kind for one in wanted], "ids": [one.id for one in wanted]})
    return [
        Found(
            Wanted(row.kind, row.id),
            (row.document_id, row.rendition) if row.document_id else None,
            row.made,
            row.set_aside,
        )
        for row in rows
    ]
