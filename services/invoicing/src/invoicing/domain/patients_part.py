"""What of an insured invoice is the patient's to pay now, what is left to insurers, and with which installment.

One rule for all who ask or report (`INS-1`, `INS-4`): insurers' is what they decided to pay, what is undecided on lines
that any decided on, and what those that have not decided are estimated to take, to pay or to have written off, no more
than the invoice's own lines ask for; less what their money settles. The rest of what is outstanding is the patient's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.money import fill_in_order

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.estimate import ExpectedShare, turn
from invoicing.domain.installment_balances import InstallmentBalances


@dataclass(frozen=True, slots=True)
class LeftToInsurer:
    """What is left to one insurer, in minor units."""

    payer_id: UUID
    name: str
    minor: int
    expected_write_off: int = 0
    """What of it is expected to be written off, not paid: what the insurer is estimated to take off the fee."""


Left = list[LeftToInsurer]
"""What is left to each insurer of an invoice, in turn."""


def asked_of_patient(on: AdjudicatedInvoice, received: int, *, estimated: bool) -> int:
    """What of the outstanding the patient is asked for, in minor units: not what insurers are still to pay.

    Until one has decided, their estimated share is left to them where `estimated` says so, as documents do. `received`
    is what their payments settle, with what refunds of them took and is credited.
    """
    theirs = min(_insurers_part(on), on.invoice.asked_of_lines) if estimated or on.sums else 0
    return max(0, on.invoice.outstanding - max(0, theirs - received))


def left_to_insurers(on: AdjudicatedInvoice, received: Mapping[UUID, int], came_in: int, most: int) -> Left:
    """Which insurers what is not the patient's is left to; `came_in` is all that they paid, `received` by payer.

    `most` is what the invoice's own lines asked for then.

    What is undecided of a line is that of those who are estimated to take it, else of the last that decided on it.
    """
    parts: dict[UUID, int] = {insurer.payer_id: insurer.paid for insurer in on.insurers}
    off: dict[UUID, int] = {}
    still, shares = on.still_estimated, on.shares_of(on.line_ids)
    for line in on.invoice.lines:
        for one in still.get(line.id, ()):
            parts[one.payer_id] = parts.get(one.payer_id, 0) + one.expected + one.write_off
            off[one.payer_id] = off.get(one.payer_id, 0) + one.off_patient
        for estimate in line.estimates if line.id not in shares else ():
            parts[estimate.payer_id] = parts.get(estimate.payer_id, 0) + estimate.taken
            off[estimate.payer_id] = off.get(estimate.payer_id, 0) + estimate.write_off
    parts = {decided.payer_id: 0 for decided in on.sums} | parts
    for line_id, share in shares.items():
        taken = sum(one.expected + one.write_off - one.of_patient - one.off_patient for one in still.get(line_id, ()))
        last = max((sum_ for sum_ in on.sums if sum_.line_id == line_id), key=lambda sum_: turn(sum_.sequence))
        parts[last.payer_id] += max(0, share.undecided - taken)
    return _up_to(max(0, min(_insurers_part(on), most) - came_in), _in_turn(on), parts, received, off)


def left_as_estimated(shares: Iterable[ExpectedShare], received: Mapping[UUID, int], came_in: int, most: int) -> Left:
    """The same of an invoice that none has decided on: what they are estimated to take, less what came in."""
    parts: dict[UUID, int] = {}
    off: dict[UUID, int] = {}
    names: dict[UUID, str] = {}
    for share in shares:
        parts[share.payer_id] = parts.get(share.payer_id, 0) + share.expected + share.write_off
        off[share.payer_id] = off.get(share.payer_id, 0) + share.write_off
        names.setdefault(share.payer_id, share.payer_name)
    return _up_to(max(0, min(sum(parts.values()), most) - came_in), names, parts, received, off)


def _insurers_part(on: AdjudicatedInvoice) -> int:
    """What of an invoice's fees is insurers', whoever has paid of it."""
    shares = on.shares
    return (shares.paid + shares.undecided if on.sums else 0) + on.estimated


def _in_turn(on: AdjudicatedInvoice) -> dict[UUID, str]:
    """The names of an invoice's insurers, in turn."""
    known = [(turn(sum_.sequence), sum_.payer_id, sum_.payer_name) for sum_ in on.sums]
    known += [
        (turn(estimate.sequence), estimate.payer_id, estimate.payer_name)
        for line in on.invoice.lines
        for estimate in line.estimates
    ]
    names: dict[UUID, str] = {}
    for _, payer_id, name in sorted(known):
        names.setdefault(payer_id, name)
    return names


def _up_to(
    whole: int,
    names: Mapping[UUID, str],
    parts: Mapping[UUID, int],
    received: Mapping[UUID, int],
    off: Mapping[UUID, int],
) -> Left:
    """Each insurer's part less what came of it, together no more than is left to all of them.

    What is to be paid goes first: what of it is left beyond that is `off`, what is expected to be written off.
    """
    open_ = [max(0, parts.get(payer_id, 0) - received.get(payer_id, 0)) for payer_id in names]
    left = zip(names, open_, fill_in_order(whole, open_), strict=True)
    return [
        LeftToInsurer(payer_id, names[payer_id], minor, beyond(minor, part - min(part, off.get(payer_id, 0))))
        for payer_id, part, minor in left
    ]


def beyond(minor: int, to_be_paid: int) -> int:
    """What of an amount is more than what is to be paid: it is expected to be written off."""
    return max(0, minor - max(0, to_be_paid))


def parts_of_installments(standing: InstallmentBalances, asked: int) -> dict[UUID, int]:
    """What of each installment's remaining is the patient's: the patient's part fills the oldest unpaid first."""
    parts = fill_in_order(asked, [installment.remaining for installment in standing.installments])
    return {one.installment.id: part for one, part in zip(standing.installments, parts, strict=True)}


def part_of_installment(standing: InstallmentBalances, installment_id: UUID, asked: int) -> int:
    """What of one installment's remaining is the patient's; nothing of one that the plan has not."""
    return parts_of_installments(standing, asked).get(installment_id, 0)
