"""What an insurer pays for several lines together, counted on each of them (`INS-3`).

A bundled claim has all that is paid on one line, beyond its charge (OA or CO below zero, CARC 94), and the others taken
off whole (CO, CARC 97). What it takes off is the difference.
"""

from __future__ import annotations

from collections.abc import Sequence

from chassis.money import fill_in_order

from invoicing.domain.shares import PayerAdjudication


def unbundled(rows: Sequence[PayerAdjudication]) -> list[PayerAdjudication]:
    """One decision's rows, with what it pays of lines beyond their charge on the lines it takes off, in their order.

    What no line is taken off for stays where it is: it is paid beyond the fee. The same of a reversal, below zero.
    """
    sign = -1 if sum(row.charge for row in rows) < 0 else 1
    whole = [row.with_excess for row in rows]
    beyond = [max(0, min(-sign * row.by_contract, sign * row.paid)) for row in whole]
    taken_off = [max(0, sign * row.by_contract) for row in whole]
    minor = min(sum(beyond), sum(taken_off))
    if minor == 0:
        return [*rows]  # what a payer in turn pays in excess takes nothing from what those before it took off
    from_, to = fill_in_order(minor, beyond), fill_in_order(minor, taken_off)
    return [one.paying(sign * (more - less)) for one, less, more in zip(whole, from_, to, strict=True)]
