"""Everything that recording a payment decides upon, locked and read in one round trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database.driver import driver_of
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.clinic import Clinic
from payments.domain.errors import ClinicNotConfigured, GroupUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment_group import PaymentGroup
from payments.persistence import invoices

_LOAD = f"""
    WITH locked AS (
        {invoices.WITH_PLAN}
         WHERE i.invoice_id = ANY ($2::uuid[]) ORDER BY i.invoice_id FOR UPDATE OF i),
    -- Locked against deletion only, until the payment refers to it.
    named AS (SELECT * FROM payment_groups WHERE group_id = $3 FOR KEY SHARE)
    SELECT c.currency AS clinic_currency, c.time_zone, g.group_id, g.name AS group_name, g.color, g.position,
           g.archived, g.version AS group_version, locked.*
      FROM clinics AS c
      LEFT JOIN named AS g ON true
      LEFT JOIN locked ON true
     WHERE c.clinic_id = $1
"""  # noqa: S608 - our own columns
# A deposit may be the first money of a clinic, whose currency stays from then on (`MON-2`).
_LOAD_FOR_DEPOSIT = f"{_LOAD} FOR SHARE OF c"


@dataclass(frozen=True, slots=True)
class Intake:
    """The clinic, the group that was named, and the locked invoices."""

    clinic: Clinic
    group: PaymentGroup | None
    invoices: dict[UUID, InvoiceBalance]


async def load(
    connection: AsyncConnection, clinic_id: UUID, invoice_ids: Sequence[UUID], group_id: UUID | None
) -> Intake:
    """Lock the invoices and read the rest. Raises ClinicNotConfigured, GroupUnknown."""
    driver = await driver_of(connection)
    rows = await driver.fetch(_LOAD if invoice_ids else _LOAD_FOR_DEPOSIT, clinic_id, invoice_ids, group_id)
    if not rows:
        raise ClinicNotConfigured
    first = rows[0]
    if group_id is not None and first["group_id"] is None:
        raise GroupUnknown(group_id, "group_id")
    locked = {row["invoice_id"]: invoices.locked_of(row) for row in rows if row["invoice_id"] is not None}
    return Intake(Clinic(first["clinic_currency"], first["time_zone"]), _group_of(first), locked)


def _group_of(row: Mapping[str, Any]) -> PaymentGroup | None:
    if row["group_id"] is None:
        return None
    named = {"name": row["group_name"], "version": row["group_version"]}
    return PaymentGroup(**named, **{name: row[name] for name in ("group_id", "color", "position", "archived")})
