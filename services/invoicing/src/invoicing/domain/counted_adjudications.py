"""What one payer's decisions on one line come to, in whatever order they were told (`INS-3`).

They are sums of rows, but for what insurers leave out: a claim that was denied or put off is sent again and decided
without a reversal, as nothing had been paid; and a correction may stand before the reversal of what it corrects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce

from invoicing.domain.shares import PayerAdjudication


def counted_of(rows: Sequence[PayerAdjudication], fee: int) -> PayerAdjudication:
    """The sum of those rows that count."""
    counted = _without_denials(rows, fee)
    whole = reduce(PayerAdjudication.plus, counted, _nothing_of(rows[0]))
    again = _claimed_whole(_without_reversed(counted), fee)
    if len(again) > 1 and whole.charge > max(fee, *(adjudication.charge for adjudication in again)):
        # One of them is to be reversed. Until it is known which, no more is written off than any of them says, lest
        # money is set free that comes to be asked for again.
        rest = whole.by_contract - sum(adjudication.by_contract for adjudication in again)
        return replace(whole, by_contract=min(adjudication.by_contract for adjudication in again) + rest)
    return whole


def _without_denials(rows: Sequence[PayerAdjudication], fee: int) -> Sequence[PayerAdjudication]:
    """Without those that paid nothing, where another one of the same claim pays: it was sent again.

    Without those that put some or all of it off, too, where another one decides more of it, even that nothing is paid.
    """
    for given_up in (_paid_nothing, _put_off_in_part, _put_off):
        rows = _sent_again(given_up, rows, fee)
    return rows


def _sent_again(
    given_up: Callable[[PayerAdjudication], bool], rows: Sequence[PayerAdjudication], fee: int
) -> Sequence[PayerAdjudication]:
    """Without those that are given up, where the others are of the same claim."""
    others = sum(row.charge for row in rows if not given_up(row))
    return [row for row in rows if not (given_up(row) and _same_claim(abs(row.charge), others, fee))]


def _paid_nothing(one: PayerAdjudication) -> bool:
    return one.paid == 0 and one.charge != 0


def _put_off_in_part(one: PayerAdjudication) -> bool:
    return _paid_nothing(one) and one.pending != 0


def _put_off(one: PayerAdjudication) -> bool:
    return _paid_nothing(one) and one.is_open


def _same_claim(given_up: int, others: int, fee: int) -> bool:
    """Whether so much was claimed anew by others: both are the same, or are more than there is to claim."""
    return given_up == others or (given_up < others and given_up + others > fee)


def _without_reversed(rows: Iterable[PayerAdjudication]) -> list[PayerAdjudication]:
    """Without each decision that another one takes back to the cent."""
    reversals = Counter(tuple(-amount for amount in row.amounts) for row in rows if row.charge < 0)
    left = []
    for row in rows:
        if row.charge > 0 and reversals[row.amounts] > 0:
            reversals[row.amounts] -= 1
        else:
            left.append(row)
    return left


def _claimed_whole(rows: Iterable[PayerAdjudication], fee: int) -> list[PayerAdjudication]:
    """Those that each claim all that was claimed of the line."""
    claims = [row for row in rows if row.charge > 0]
    most = min(fee, max((claim.charge for claim in claims), default=0))
    return [claim for claim in claims if claim.charge >= most]


def _nothing_of(one: PayerAdjudication) -> PayerAdjudication:
    return PayerAdjudication(one.line_id, one.payer_id, one.payer_name, one.sequence, *[0] * 7)
