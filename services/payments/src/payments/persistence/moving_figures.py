"""What refusals rest on that invoicing moves: read again, to be decided anew once it has moved (`PAY-11`).

Each figure changes whenever a document changes it; that it also changes otherwise does no harm.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.allocation_errors import MoreThanOutstanding
from payments.domain.errors import SelectionRefused
from payments.domain.refund_errors import RefundNeedsReason
from payments.domain.refundable_lines import LinesHaveLess, LineUnknown

_INVOICES = text("SELECT invoice_id, version FROM invoices WHERE invoice_id = ANY (CAST(:ids AS uuid[])) ORDER BY 1")
_PAYMENTS = text(
    "SELECT payment_id, version FROM payment_positions WHERE payment_id = ANY (CAST(:ids AS uuid[])) ORDER BY 1"
)
_PATIENT = text(
    """
    SELECT (SELECT version FROM patient_credit WHERE patient_id = CAST(:id AS uuid)) AS credit,
           (SELECT count(*) || ':' || coalesce(sum(version), 0) FROM invoices WHERE patient_id = CAST(:id AS uuid))
    """
)

Path = Mapping[str, Any]


async def asked(connection: AsyncConnection, refused: MoreThanOutstanding, _: Path) -> Hashable:
    """What the invoices ask for that a payment is too much for: a debit note may be on its way."""
    return await _rows(connection, _INVOICES, [invoice_id for invoice_id, _, _ in refused.outstanding])


async def unallocated(connection: AsyncConnection, refused: RefundNeedsReason, _: Path) -> Hashable:
    """What of a payment is credit: a credit note that leaves some of it over may be on its way."""
    return await _rows(connection, _PAYMENTS, [refused.payment_id])


async def lines(connection: AsyncConnection, refused: LinesHaveLess | LineUnknown, _: Path) -> Hashable:
    """What is left of an invoice's lines: a note, its undoing, or a refund's answer may be on its way."""
    return await _rows(connection, _INVOICES, [refused.invoice_id])


async def selected(connection: AsyncConnection, refused: SelectionRefused, _: Path) -> Hashable:
    """The same of what in a selection is refused because of it."""
    waiting = [payment_id for payment_id, failure in refused.failures.items() if isinstance(failure, RefundNeedsReason)]
    of_lines = [
        failure.invoice_id for failure in refused.failures.values() if isinstance(failure, LinesHaveLess | LineUnknown)
    ]
    if not waiting and not of_lines:
        return None
    return await _rows(connection, _PAYMENTS, waiting), await _rows(connection, _INVOICES, of_lines)


async def credit(connection: AsyncConnection, _: Exception, path: Path) -> Hashable:
    """What a patient has in credit, and what is asked of them."""
    if "patient_id" not in path:
        return None
    return tuple(map(tuple, await connection.execute(_PATIENT, {"id": str(path["patient_id"])})))


async def _rows(connection: AsyncConnection, statement: Any, ids: Sequence[UUID]) -> Hashable:
    return tuple(map(tuple, await connection.execute(statement, {"ids": list(ids)})))
