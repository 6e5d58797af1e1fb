"""What a payer is expected to decide, by the allowed fees and percentages that the clinic keeps (`INS-1`, `INV-19`)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from chassis.money import round_half_up

from invoicing.domain.content import Content, Payer
from invoicing.domain.estimate import Estimate
from invoicing.domain.line import Line
from invoicing.domain.list_entry import ListEntry
from invoicing.domain.prices import Prices
from invoicing.domain.rounding import HALF_UP
from invoicing.domain.totals import Totals


def estimated_by_list(content: Content, totals: Totals, prices: Prices) -> Content:
    """The content with an estimate on each line of which the payer's list says what it covers.

    Charge = expected + written off + patient's part. A line that has estimates keeps them, and an invoice without a
    payer, or whose payer keeps no list, has none.
    """
    payer = content.payer
    if payer is None or payer.id is None or not prices.cover:
        return content
    lines = zip(content.lines, totals.lines, strict=True)
    return replace(content, lines=tuple(_estimated(line, own.priced, payer, prices) for line, own in lines))


def _estimated(line: Line, charge: int, payer: Payer, prices: Prices) -> Line:
    said = prices.cover_of(line.code, line.code_system, line.date_of_service)
    if line.estimates or said is None or charge <= 0 or payer.id is None:
        return line
    allowed = _allowed(said, line, charge)
    expected = round_half_up(Decimal(allowed) * (said.covered_percent or 0) / 100)
    one = Estimate(
        payer_id=payer.id,
        payer_name=payer.name or prices.cover_name,
        sequence="primary",
        expected=expected,
        write_off=charge - allowed,
        patient_part=allowed - expected,
        allowed=allowed,
    )
    return replace(line, estimates=(one,))


def _allowed(said: ListEntry, line: Line, charge: int) -> int:
    """What the payer allows for the line, never more than is charged for it."""
    if said.allowed is None:
        return charge
    return min(charge, HALF_UP.times(line.quantity, said.allowed, said.base_quantity))
