"""Recompute every invoice from its lines, and every sum from its entries; print the difference (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.database.checks import differences
from chassis.proof import Difference, Proven
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import UnknownRounding
from invoicing.domain.installment_balances import InstallmentBalances
from invoicing.domain.invoice import Invoice
from invoicing.domain.totals import total_up
from invoicing.persistence import installment_plans, invoices, proof_of_copies, proofs
from invoicing.use_cases.prove_reports import prove_reports

SHOWN_MAX = 100
AT_ONCE = 500


async def prove_invoices(connection: AsyncConnection, _clinic_id: UUID) -> Proven:
    """Prove the invoices of the connection's clinic, at one instant; at most `SHOWN_MAX` differences of a kind."""
    found: list[Difference] = []
    for check in proofs.CHECKS:
        found += await differences(connection, [check], SHOWN_MAX)
    found += await differences(connection, proof_of_copies.CHECKS, SHOWN_MAX)
    found += await _totals(connection)
    found += await _plans(connection)
    found += await prove_reports(connection)
    counts = await proofs.counts(connection)
    return Proven(sum(counts.values()), found, counts)


async def _totals(connection: AsyncConnection) -> list[Difference]:
    found: list[Difference] = []
    after = UUID(int=0)
    while ids := await proofs.issued_after(connection, after, AT_ONCE):
        after = ids[-1]
        for invoice in await invoices.find_many(connection, ids):
            found += _differences(invoice)
    return found[:SHOWN_MAX]


async def _plans(connection: AsyncConnection) -> list[Difference]:
    """What remains of a live plan's installments is what its invoice asks for (`PLN-3`), and is kept so for lists."""
    found: list[Difference] = []
    after = UUID(int=0)
    while outstanding := await installment_plans.live_after(connection, after, AT_ONCE):
        after = max(outstanding)
        kept = await installment_plans.kept_unpaid(connection, outstanding)
        for plan in await installment_plans.find_many(connection, outstanding):
            standing = plan.standing()
            if standing.remaining != outstanding[plan.id]:
                what = f"installment plan {plan.id} remaining"
                found.append(Difference(what, str(outstanding[plan.id]), str(standing.remaining)))
            found += _kept_unpaid(plan.id, standing, kept[plan.id])
    return found[:SHOWN_MAX]


def _kept_unpaid(plan_id: UUID, standing: InstallmentBalances, kept: Mapping[UUID | None, Any]) -> list[Difference]:
    if any(told is None for id_, told in kept.items() if id_):
        return []  # older than what is kept, and not written yet
    following = standing.next
    derived: dict[UUID | None, Any] = {
        installment.installment.id: installment.remaining for installment in standing.installments
    }
    derived[None] = following.installment.due_date if following else None
    return [
        Difference(f"installment plan {plan_id} {'unpaid of ' + str(id_) if id_ else 'due next'}", f"{one}", f"{told}")
        for id_, one in derived.items()
        if (told := kept.get(id_)) != one
    ]


def _differences(invoice: Invoice) -> list[Difference]:
    try:
        recomputed = total_up(invoice.lines, invoice.content.adjustments, invoice.pricing)
    except UnknownRounding as unknown:
        return [Difference(f"invoice {invoice.id} rounding", "a policy of this release", str(unknown))]
    stored = invoice.totals
    return [
        Difference(f"invoice {invoice.id} {what}", str(getattr(recomputed, what)), str(getattr(stored, what)))
        for what in ("net", "discount", "tax", "cash_rounding", "total", "lines", "charges", "groups")
        if getattr(recomputed, what) != getattr(stored, what)
    ]
