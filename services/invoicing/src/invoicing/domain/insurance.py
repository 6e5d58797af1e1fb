"""An invoice's insurance as people look at it: what was estimated, and apart from it what was decided (`INS-1`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from uuid import UUID

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.estimate import Estimate, PayerSequence, turn
from invoicing.domain.invoice import Invoice
from invoicing.domain.shares import NOTHING, PayerAdjudication, Shares

NO_MONEY: Mapping[UUID, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PayerPosition:
    """One payer of an invoice: what was expected, what was decided, what came in, and what is still expected."""

    payer_id: UUID
    payer_name: str
    sequence: PayerSequence
    estimated: int
    estimated_write_off: int
    charge: int
    allowed: int
    paid: int
    contractual: int
    patient: int
    other: int
    received: int
    still_expected: int


@dataclass(frozen=True, slots=True)
class LinePosition:
    """One line: how its fee is divided, and what each payer decided on it."""

    line_id: UUID
    shares: Shares
    payers: tuple[PayerAdjudication, ...]


@dataclass(frozen=True, slots=True)
class Insurance:
    """All of it. `lines` are those that any payer has told of; `shares` their sum."""

    insurers_share: int
    expected_write_off: int
    patient_share: int
    payers: tuple[PayerPosition, ...]
    shares: Shares
    lines: tuple[LinePosition, ...]


def insurance_of(
    on: AdjudicatedInvoice, received: Mapping[UUID, int], credited: Mapping[UUID, int] = NO_MONEY
) -> Insurance | None:
    """What is known of an invoice's insurance; None where there is neither an estimate nor a decision.

    `received` is what insurers' payments settle of it: money that came in, not money that is expected. `credited` is
    what refunds of them took and is credited: nobody is asked for it again.
    """
    invoice, decided = on.invoice, on.sums
    expected = invoice.expected_shares
    if not decided and not expected:
        return None
    by_line = on.shares_of(on.told_ids)
    return Insurance(
        insurers_share=sum(share.expected for share in expected),
        expected_write_off=sum(share.write_off for share in expected),
        patient_share=invoice.patient_share,
        payers=tuple(positions_of(on, received, credited)),
        shares=reduce(Shares.plus, by_line.values(), NOTHING),
        lines=tuple(
            LinePosition(
                line_id, shares, tuple(adjudication for adjudication in decided if adjudication.line_id == line_id)
            )
            for line_id, shares in by_line.items()
        ),
    )


def insurers_on(on: AdjudicatedInvoice) -> set[UUID]:
    """The payers that an invoice knows: of its estimates, and of decisions on it."""
    estimated = (estimate.payer_id for line in on.invoice.lines for estimate in line.estimates)
    return {*estimated, *(sum_.payer_id for sum_ in on.sums)}


def positions_of(
    on: AdjudicatedInvoice, received: Mapping[UUID, int], credited: Mapping[UUID, int] = NO_MONEY
) -> list[PayerPosition]:
    """Each payer of an invoice, in turn; together no more is expected of them than it still asks for."""
    estimates: dict[tuple[int, UUID], dict[UUID, Estimate]] = {}
    decided: dict[tuple[int, UUID], dict[UUID, PayerAdjudication]] = {}
    for line in on.invoice.lines:
        for estimate in line.estimates:
            estimates.setdefault((turn(estimate.sequence), estimate.payer_id), {})[line.id] = estimate
    for sum_ in on.sums:
        decided.setdefault((turn(sum_.sequence), sum_.payer_id), {})[sum_.line_id] = sum_
    left, given_back = dict(received), dict(credited)
    came = sum(left.values()) + sum(given_back.values())
    asked = min(_asked(on.invoice), max(0, on.invoice.asked_of_lines - came))
    still = {line_id: {one.payer_id: one.expected for one in own} for line_id, own in on.still_estimated.items()}
    positions = []
    keys = sorted(estimates.keys() | decided.keys())
    last = {payer_id: (place, payer_id) for place, payer_id in keys}
    for key in keys:
        came_in = left.get(key[1], 0), given_back.get(key[1], 0)
        position, given = _position(
            estimates.get(key, {}), decided.get(key, {}), still, came_in, asked=asked, is_last=last[key[1]] == key
        )
        left[key[1]], given_back[key[1]] = came_in[0] - position.received, came_in[1] - given
        asked -= position.still_expected
        positions.append(position)
    return positions


def _asked(invoice: Invoice) -> int:
    return invoice.totals.total if invoice.status == "draft" else invoice.outstanding


def _position(
    estimates: Mapping[UUID, Estimate],
    decided: Mapping[UUID, PayerAdjudication],
    still: Mapping[UUID, Mapping[UUID, int]],
    came_in: tuple[int, int],
    *,
    asked: int,
    is_last: bool,
) -> tuple[PayerPosition, int]:
    """A payer in one turn, and what of it was given back and is credited.

    What came in of a payer that decided in several turns, and stayed or was given back, is of the first that awaits
    it, the rest of the last.
    """
    known: list[PayerAdjudication | Estimate] = [*decided.values(), *estimates.values()]
    named = known[0]
    paid = sum(adjudication.paid for adjudication in decided.values())
    undecided = (
        still[line_id].get(one.payer_id, 0) if line_id in still else one.expected for line_id, one in estimates.items()
    )
    due = max(0, paid + sum(undecided))
    stayed, given_back = came_in
    received = stayed if is_last else min(stayed, due)
    given = given_back if is_last else min(given_back, due - received)
    position = PayerPosition(
        payer_id=named.payer_id,
        payer_name=named.payer_name,
        sequence=named.sequence,
        estimated=sum(estimate.expected for estimate in estimates.values()),
        estimated_write_off=sum(estimate.write_off for estimate in estimates.values()),
        charge=sum(adjudication.charge for adjudication in decided.values()),
        allowed=sum(adjudication.allowed for adjudication in decided.values()),
        paid=paid,
        contractual=sum(adjudication.contractual for adjudication in decided.values()),
        patient=sum(adjudication.patient for adjudication in decided.values()),
        other=sum(adjudication.other for adjudication in decided.values()),
        received=received,
        still_expected=max(0, min(asked, due - received - given)),
    )
    return position, given
