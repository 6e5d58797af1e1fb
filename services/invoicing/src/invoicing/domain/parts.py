"""Who an invoice is asked of: the patient's part and the insurers', decided where decided, else estimated (`INS-1`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from invoicing.domain.counted_adjudications import counted_of
from invoicing.domain.estimate import Estimate, turn
from invoicing.domain.invoice import Invoice
from invoicing.domain.shares import PayerAdjudication, contractual_of, divide, still_estimated
from invoicing.domain.totals import Totals


@dataclass(frozen=True, slots=True)
class Parts:
    """What an invoice asks for in all, whoever has paid of it: the sum of these, in minor units; none is below zero.

    What insurers have not decided yet of a line that they decided on is theirs.
    """

    patient: int
    insurers: int
    expected_write_off: int
    """What insurers that have not decided are estimated to have written off."""
    decided: bool = False
    """Whether any insurer has decided on any line."""


@dataclass(frozen=True, slots=True)
class InsuredLine:
    """A line that insurers are asked about."""

    id: UUID
    fee: int
    estimates: Sequence[Estimate]


def insured_lines(invoice: Invoice, totals: Totals) -> list[InsuredLine]:
    """The lines of an invoice that was found with its lines, and comes to these totals."""
    return [
        InsuredLine(line.id, max(0, own.priced), line.estimates)
        for line, own in zip(invoice.lines, totals.lines, strict=True)
    ]


def parts_of(
    invoice: Invoice,
    totals: Totals,
    lines: Iterable[InsuredLine],
    decided: Iterable[PayerAdjudication] = (),
    given_back: int = 0,
    asked_of_lines: int | None = None,
) -> Parts:
    """The parts of an invoice: of its estimated lines at least, and of the rows of all decisions on it.

    `given_back` is what refunds took of insurers' money and is credited: the note took its place, not the patient's.
    `asked_of_lines` is what the invoice's own lines ask for; None where no debit note adds to them.
    """
    rows: dict[UUID, dict[tuple[int, UUID], list[PayerAdjudication]]] = {}
    for adjudication in decided:
        rows.setdefault(adjudication.line_id, {}).setdefault(
            (turn(adjudication.sequence), adjudication.payer_id), []
        ).append(adjudication)
    insurers = write_off = 0
    any_decided = False
    for line in lines:
        decided_on = _decided_on(line, rows.get(line.id, {}))
        theirs, off = _of_line(line, decided_on)
        insurers, write_off = insurers + theirs, write_off + off
        any_decided = any_decided or bool(decided_on)
    asked = 0 if invoice.status == "void" else max(0, totals.total + invoice.debited - invoice.credited)
    if asked_of_lines is not None:
        insurers = min(asked_of_lines, insurers)
        write_off = min(asked_of_lines - insurers, write_off)
    insurers = min(asked, max(0, insurers - given_back))
    write_off = min(asked - insurers, write_off)
    return Parts(asked - insurers - write_off, insurers, write_off, any_decided)


def _decided_on(
    line: InsuredLine, rows: Mapping[tuple[int, UUID], Sequence[PayerAdjudication]]
) -> list[PayerAdjudication]:
    """What each payer's decisions on a line come to; nothing where none decides anything and estimates stand."""
    decided = [counted_of(own, line.fee) for own in rows.values()]
    return decided if not line.estimates or any(adjudication.stands for adjudication in decided) else []


def _of_line(line: InsuredLine, decided: Sequence[PayerAdjudication]) -> tuple[int, int]:
    """What of a line is the insurers', and what they are expected to have written off."""
    if not decided:
        return sum(estimate.expected for estimate in line.estimates), sum(
            estimate.write_off for estimate in line.estimates
        )
    shares = divide(line.fee, contractual_of(decided, line.fee), decided)
    open_ = still_estimated(line.estimates, decided, shares)
    theirs = shares.paid + shares.undecided + sum(estimate.of_patient for estimate in open_)
    return theirs, sum(estimate.off_patient for estimate in open_)
