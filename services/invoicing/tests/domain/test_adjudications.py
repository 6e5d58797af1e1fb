"""Any series of decisions, negative ones too, in any order: nothing exceeds the fee (`INS-4`)."""

from __future__ import annotations

from uuid import UUID

import pytest
from chassis.identifiers import new_id
from hypothesis import assume, given
from hypothesis import strategies as st
from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.adjudication import AdjudicatedLine, Adjudication, Adjustment, StatedAdjudication, StatedAmount
from invoicing.domain.estimate import TURNS, Estimate, PayerSequence
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import Note, NoteAmounts, Side
from invoicing.domain.shares import StillEstimated, still_estimated
from invoicing.domain.write_off import bring_write_offs_to, written_off_by_line
from invoicing_making import CLINIC, NOW, TODAY, invoices, issued, line

PAYERS: dict[PayerSequence, UUID] = {sequence: UUID(int=number) for number, sequence in enumerate(TURNS, start=1)}
NONE = StatedAmount("0.00", "EUR")
amounts = st.integers(-200_000, 400_000)
lines = st.tuples(st.integers(0, 7), st.one_of(st.just(0), amounts), amounts, amounts, amounts)
"""Which line; paid, CO, PR, OA: the charge is their sum, so that it balances."""
series = st.lists(st.tuples(st.sampled_from(TURNS), st.lists(lines, min_size=1, max_size=3)), max_size=8)


def decision(invoice: Invoice, sequence: PayerSequence, wanted: list[tuple[int, int, int, int, int]]) -> Adjudication:
    decided = {}
    for place, paid, contractual, patient, other in wanted:
        line = invoice.lines[place % len(invoice.lines)]
        adjustments = (
            Adjustment("CO", "45" if contractual % 3 else "16", contractual),
            Adjustment("PR", "1", patient),
            Adjustment("OA", "23" if other % 3 else "94", other),
        )
        charge = paid + contractual + patient + other
        decided[line.id] = AdjudicatedLine(line.id, charge, paid, adjustments, charge - contractual)
    stated = StatedAdjudication(
        new_id(), new_id(), CLINIC, invoice.id, invoice.patient_id, PAYERS[sequence], "x", sequence, NONE, NONE, (), NOW
    )
    own = tuple(decided.values())
    return Adjudication(stated, sum(line.charge for line in own), sum(line.paid for line in own), own)


def apply(on: AdjudicatedInvoice, one: Adjudication) -> None:
    on.count(one)
    change = bring_write_offs_to(on.invoice, on.wanted_write_offs(line.line_id for line in one.lines))
    sides: tuple[tuple[Side, NoteAmounts | None], ...] = (("credit", change.credit), ("debit", change.debit))
    for side, amounts_ in sides:
        if amounts_ is not None:
            kind = "contractual_write_off" if side == "credit" else "undo_credit_note"
            decided = one.stated.decision_id
            note = Note(
                new_id(), CLINIC, on.invoice.id, side, kind, "r", "c", amounts_, TODAY, NOW, decision_id=decided
            )
            assert amounts_.total >= 0
            assert all(line.net >= 0 and line.tax_amount >= 0 for line in amounts_.lines)
            on.invoice.add_note(note)


def check(on: AdjudicatedInvoice) -> None:
    invoice = on.invoice
    standing = written_off_by_line(invoice)
    fees = {line.id: own.priced for line, own in zip(invoice.lines, invoice.totals.lines, strict=True)}
    for line_id, shares in on.shares_of(on.line_ids).items():
        parts = (shares.paid, shares.written_off, shares.patient_part, shares.undecided)
        assert all(part >= 0 for part in (*parts, shares.overpaid))
        assert sum(parts) == shares.fee == fees[line_id]
        # A note of nothing is not made: less than a coin, where sums are rounded to coins, may stand nowhere.
        assert 0 <= shares.written_off - standing.get(line_id, 0) < invoice.pricing.cash_rounding_to
    assert 0 <= invoice.credited - invoice.debited <= invoice.totals.total


@pytest.mark.rule("INS-4.2")
@given(invoices, series)
def test_any_series_of_decisions_keeps_every_part_within_the_fee(
    invoice: Invoice, wanted: list[tuple[PayerSequence, list[tuple[int, int, int, int, int]]]]
) -> None:
    on = AdjudicatedInvoice(invoice, ())
    for sequence, of_lines in wanted:
        apply(on, decision(invoice, sequence, of_lines))
        check(on)


@given(invoices, series)
def test_every_decision_and_its_reversal_leave_nothing(
    invoice: Invoice, wanted: list[tuple[PayerSequence, list[tuple[int, int, int, int, int]]]]
) -> None:
    on = AdjudicatedInvoice(invoice, ())
    made = [decision(invoice, sequence, of_lines) for sequence, of_lines in wanted]
    for adjudication in made:
        apply(on, adjudication)
    for adjudication in made:
        apply(on, reversal(invoice, adjudication))
        check(on)
    assert invoice.credited == invoice.debited
    assert on.shares.undecided == on.shares.fee


@pytest.mark.rule("INS-4.7")
@given(invoices, series, st.randoms(use_true_random=False))
def test_decisions_come_to_the_same_in_any_order(invoice: Invoice, wanted: list, random: object) -> None:  # type: ignore[type-arg]
    # A note of nothing is not made, so what rounding to coins takes off the last line may stay undecided.
    assume(invoice.pricing.cash_rounding_to == 1)
    made = [decision(invoice, sequence, of_lines) for sequence, of_lines in wanted]
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ends = []
    for order in (made, shuffled):
        invoice.notes, invoice.credited, invoice.debited = [], 0, 0
        on = AdjudicatedInvoice(invoice, ())
        for adjudication in order:
            apply(on, adjudication)
        ends.append((on.shares, on.sums, written_off_by_line(invoice) | {}))
    assert ends[0][:2] == ends[1][:2]


@pytest.mark.rule("INS-1.4", "INS-4.6")
@given(
    invoices,
    series,
    st.dictionaries(st.sampled_from(TURNS), st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=3),
)
def test_what_is_still_estimated_has_room_in_what_is_not_decided_and_the_patients_part(
    invoice: Invoice,
    wanted: list,  # type: ignore[type-arg]
    expected: dict[PayerSequence, tuple[int, int]],
) -> None:
    """INS-1, INS-4: estimates stand by payer until it decides, and take no more than others have left."""
    estimates = [Estimate(PAYERS[of], "x", of, paid, off, 0) for of, (paid, off) in expected.items()]
    on = AdjudicatedInvoice(invoice, ())
    for sequence, one in wanted:
        apply(on, decision(invoice, sequence, one))
    for line_id, shares in on.shares_of(on.line_ids).items():
        decided = [sum_ for sum_ in on.sums if sum_.line_id == line_id]
        found = still_estimated(estimates, decided, shares)
        of_patient = sum(estimate.of_patient + estimate.off_patient for estimate in found)
        assert 0 <= of_patient <= shares.patient_part
        assert sum(estimate.expected + estimate.write_off for estimate in found) - of_patient <= shares.undecided
        assert all(
            0 <= estimate.of_patient <= estimate.expected and 0 <= estimate.off_patient <= estimate.write_off
            for estimate in found
        )
        assert not {estimate.payer_id for estimate in found} & {
            adjudication.payer_id for adjudication in decided if adjudication.stands
        }
        if not any(adjudication.stands for adjudication in decided):
            assert of_patient == 0


def test_who_was_asked_before_the_last_that_decided_takes_nothing_of_the_patients_part() -> None:
    """INS-4: the last in turn says what the patient's part is; those after it start from that."""
    invoice = issued([line(10_200)])
    on = AdjudicatedInvoice(invoice, ())
    apply(on, decision(invoice, "secondary", [(0, 3_000, 0, 1_000, 6_200)]))
    estimates = [
        Estimate(PAYERS["primary"], "x", "primary", 6_000, 0, 0),
        Estimate(PAYERS["tertiary"], "x", "tertiary", 900, 0, 0),
    ]
    assert still_estimated(estimates, on.sums, on.shares) == [
        StillEstimated(PAYERS["primary"], 6_000, 0, 0, 0),
        StillEstimated(PAYERS["tertiary"], 900, 0, 700, 0),
    ]


@pytest.mark.rule("INS-4.1")
def test_the_patients_part_is_what_the_last_payer_in_turn_left() -> None:
    """INS-4: not what the first one left, though there is room for it: what the second disputes (OA) stays with it."""
    invoice = issued([line(10_000)])
    on = AdjudicatedInvoice(invoice, ())
    secondary = decision(invoice, "secondary", [(0, 1_500, 0, 500, 8_000)])
    for adjudication in (secondary, decision(invoice, "primary", [(0, 6_000, 1_000, 3_000, 0)])):
        apply(on, adjudication)
    assert (on.shares.paid, on.shares.patient_part, on.shares.undecided) == (7_500, 500, 1_000)
    apply(on, reversal(invoice, secondary))
    assert (on.shares.paid, on.shares.patient_part, on.shares.undecided) == (6_000, 3_000, 0)


def reversal(invoice: Invoice, one: Adjudication) -> Adjudication:
    back = [
        (
            [line.id for line in invoice.lines].index(line.line_id),
            -line.paid,
            -line.of_groups("CO"),
            -line.of_groups("PR"),
            -line.of_groups("OA"),
        )
        for line in one.lines
    ]
    return decision(invoice, one.stated.sequence, back)
