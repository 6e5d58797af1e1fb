"""What insurers have in credit for invoices: of the invoice's patient, or of what came for the invoice (`INS-4`)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chassis.database.rows import values_of
from chassis.typed import alike_sql
from sqlalchemy import ARRAY, Integer, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.transaction import Payer

For = tuple[UUID, Payer]
"""An invoice, and an insurer."""

_WANTED = values_of(place=Integer(), invoice_id=Uuid(), payer_id=Uuid(), name=Text())
# Credit that an invoice gave back is its own affair: of a transfer to come, it is not to take the room elsewhere. What
# came for this invoice is found whoever's patient it is held for, as an insurer's payment may name another's invoice.
# What a refund took of one of `given_back` is about to be credit again.
_FOR_INVOICES = text(
    f"""
    SELECT w.place, h.payment_id
      FROM {_WANTED.given(alias="w")}
      JOIN invoices AS i ON i.invoice_id = w.invoice_id
     CROSS JOIN LATERAL (
            SELECT c.payment_id
              FROM (SELECT p.clinic_id, p.patient_id, p.payment_id FROM credit_parts AS p WHERE p.minor > 0
                     UNION ALL
                    SELECT p.clinic_id, p.patient_id, p.payment_id FROM credit_parts AS p
                     WHERE p.payment_id = ANY (:given_back)) AS c
             WHERE c.clinic_id = i.clinic_id AND c.patient_id = ANY (records_of(i.clinic_id, i.patient_id))
               AND NOT EXISTS (SELECT FROM journal_entries AS e WHERE e.payment_id = c.payment_id
                                  AND e.invoice_id IS NOT NULL AND e.account = 'receivable')
             UNION
            SELECT e.payment_id FROM journal_entries AS e
             WHERE e.invoice_id = i.invoice_id AND e.account = 'receivable' AND e.payer_kind = 'insurer'
             UNION
            SELECT o.payment_id FROM overpayments AS o WHERE o.invoice_id = i.invoice_id) AS h
      JOIN transactions AS t ON t.transaction_id = h.payment_id
     WHERE t.payer_kind = 'insurer' AND t.clinic_id = i.clinic_id
       AND CASE WHEN t.payer_id IS NULL THEN {alike_sql("t.payer_name")} = {alike_sql("w.name")}
                ELSE t.payer_id = w.payer_id END
       AND (h.payment_id = ANY (:given_back)
            OR EXISTS (SELECT FROM credit_parts AS c WHERE c.payment_id = h.payment_id AND c.minor > 0))
     ORDER BY w.place, h.payment_id
    """  # noqa: S608 - our own texts
).bindparams(bindparam("given_back", type_=ARRAY(Uuid())))


async def for_invoices(
    connection: AsyncConnection, asked: Iterable[For], given_back: Iterable[UUID] = ()
) -> dict[For, list[UUID]]:
    """The payments that each insurer's credit for each invoice is of, the oldest first, where there is any; not locked.

    Also those of `given_back`, whose credit was refunded in a refund that is about to be cancelled.
    Of an insurer that nobody has given an id nothing is found: without one, it would be the patient's own.
    """
    wanted = [(invoice_id, payer) for invoice_id, payer in dict.fromkeys(asked) if payer.payer_id is not None]
    if not wanted:
        return {}
    keys = [(place, invoice_id, payer.payer_id, payer.name) for place, (invoice_id, payer) in enumerate(wanted)]
    found: dict[For, list[UUID]] = {}
    for row in await connection.execute(_FOR_INVOICES, _WANTED.keyed(keys) | {"given_back": list(given_back)}):
        found.setdefault(wanted[row.place], []).append(row.payment_id)
    return found
