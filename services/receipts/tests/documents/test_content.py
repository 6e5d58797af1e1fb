"""What a receipt says, before any layout."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from receipts.documents.content.frozen import (
    invoice_as_json,
    invoice_from_json,
    receipt_as_json,
    receipt_from_json,
)
from receipts.documents.content.receipt import ReceiptContent
from receipts.documents.render.receipt import receipt_view
from receipts.domain.errors import TransactionDoesNotAddUp
from receipts.domain.numbers import DEFAULT_PATTERN, number_of_receipt
from receipts.domain.printed_invoice import DocumentCharge, PrintedInvoice
from receipts.domain.receipt import Rendition, rendition_of
from receipts.domain.settings import DocumentSettings
from receipts_samples import CLINIC, invoice, invoice_content, money, payment, receipt_content, refund


@pytest.mark.rule("RCP-2.6")
@given(applied=st.integers(0, 34_775), credit=st.integers(0, 100_000))
def test_what_went_to_invoices_and_to_credit_is_the_amount(applied: int, credit: int) -> None:
    """RCP-2."""
    if applied + credit == 0:
        return
    one = invoice()
    content = receipt_content(payment(one, Money(applied, "USD"), credit=Money(credit, "USD")), one)
    assert sum(settled.applied.minor for settled in content.settled) + content.credit.minor == content.amount.minor


@pytest.mark.rule("RCP-2.6")
def test_a_transaction_that_does_not_add_up_gets_no_receipt() -> None:
    """RCP-2."""
    one = invoice()
    wrong = replace(payment(one, money("100.00")), amount=money("100.01"))
    with pytest.raises(TransactionDoesNotAddUp):
        receipt_content(wrong, one)


def test_a_refund_shows_what_it_took_back_as_positive_and_names_the_receipt_it_refunds() -> None:
    one = invoice()
    content = receipt_content(refund(one, money("120.00"), from_credit=money("30.00")), one)
    assert content.settled[0].applied == money("120.00")
    assert content.settled[0].credited == money("120.00")
    assert content.credit == money("30.00")
    assert content.amount == money("150.00")
    assert content.payment_number == "RCP-2026-000042"


def test_installments_of_one_invoice_are_one_entry() -> None:
    one = invoice()
    paid = payment(one, money("100.00"))
    first, second = (replace(paid.settlements[0], change=money(share)) for share in ("60.00", "40.00"))
    content = receipt_content(replace(paid, settlements=(first, second)), one)
    assert [settled.applied for settled in content.settled] == [money("100.00")]


@pytest.mark.rule("RCP-2.3")
def test_a_note_is_frozen_only_where_the_clinic_prints_it() -> None:
    """RCP-2."""
    one = invoice()
    paid = payment(one, money("100.00"))
    quiet = replace(CLINIC, receipt_shows_note=False)
    assert receipt_content(paid, one).note == "Paid at the front desk."
    assert receipt_content(paid, one, clinic=quiet).note is None
    assert receipt_content(paid, one, clinic=quiet, settings=DocumentSettings(show_note=True)).note is not None


@pytest.mark.rule("RCP-2.8")
def test_a_refund_says_its_own_reason_and_not_the_payments_note() -> None:
    """D6, RCP-2: also where an older release told the payment's note with it."""
    one = invoice()
    told = replace(refund(one, money("120.00")), reason="one filling less", note="Paid at the front desk.")
    content = receipt_content(told, one)
    assert (content.note, content.reason) == (None, "one filling less")
    quiet = replace(CLINIC, receipt_shows_note=False)
    assert receipt_content(told, one, clinic=quiet).reason is None
    view = receipt_view(content, CLINIC, brief=False)
    assert (view["note_label"], view["note"]) == ("Reason", "one filling less")
    paid = replace(payment(one, money("120.00")), reason="as agreed")
    assert receipt_content(paid, one).reason is None
    assert receipt_view(receipt_content(paid, one), CLINIC, brief=False)["note"] == "Paid at the front desk."


def named(of: PrintedInvoice, *places: int, known: bool = True) -> ReceiptContent:
    """A refund of one that names these of its lines."""
    ids = [UUID(int=place) for place in range(1, len(of.lines) + 1)]
    lines = tuple(replace(one, line_id=id_ if known else None) for one, id_ in zip(of.lines, ids, strict=True))
    told = refund(of, money("46.50"))
    (change,) = told.settlements
    told = replace(told, settlements=(replace(change, lines=tuple(ids[place - 1] for place in places)),))
    return receipt_content(
        told, replace(of, lines=lines, charges=(DocumentCharge(reason="Visit", amount=money("1.00")),))
    )


@pytest.mark.rule("RCP-2.9")
def test_a_refund_prints_the_lines_that_it_is_about() -> None:
    """PAY-19, RCP-2: all of the invoice's were printed; without the sums, which are not theirs."""
    one = invoice(4)
    content = named(one, 2, 4)
    (told,) = content.settled
    assert ([line.position for line in told.lines], told.only_named) == ([2, 4], True)
    (shown,) = receipt_view(content, CLINIC, brief=False)["invoices"]
    assert [row["description"] for row in shown["lines"]] == [one.lines[1].description, one.lines[3].description]
    assert not any("Visit" in label for label, _, _ in shown["sums"])
    assert receipt_from_json(receipt_as_json(content)) == content


def partly_named(*said: str | None, of_named: str, rest: str) -> ReceiptContent:
    """A refund of one that names its first lines, and takes more than that of the same invoice."""
    of = invoice(4)
    lines = tuple(replace(one, line_id=UUID(int=place)) for place, one in enumerate(of.lines, start=1))
    told = refund(of, money(of_named))
    (change,) = told.settlements
    amounts = tuple(None if one is None else money(one) for one in said)
    about = replace(change, lines=tuple(UUID(int=place + 1) for place in range(len(said))), line_amounts=amounts)
    others = replace(change, change=-money(rest), credited=money(rest))
    whole = money(of_named) + money(rest)
    told = replace(told, amount=whole, settlements=(about, others) if others.change.minor else (about,))
    return receipt_content(told, replace(of, lines=lines))


@pytest.mark.rule("RCP-2.9")
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (("30.00", "16.50"), ["$30.00", "$16.50"]),
        (("30.00", None), ["$30.00", "$16.50"]),
        ((None,), ["$46.50"]),
        ((None, None), None),
    ],
)
def test_a_refund_that_names_a_part_of_what_it_took_says_what_the_rest_is_of(
    said: tuple[str | None, ...], shown: list[str] | None
) -> None:
    """RCP-2, PAY-19: named lines and rest add up to the refund."""
    content = partly_named(*said, of_named="46.50", rest="53.50")
    (told,) = content.settled
    assert (told.of_named, told.of_others, told.applied) == (money("46.50"), money("53.50"), money("100.00"))
    (view,) = receipt_view(content, CLINIC, brief=False)["invoices"]
    if shown is not None:
        assert [row["amount"] for row in view["lines"]] == shown
        assert sum(line.minor for line in told.of_lines) == 4650
    rows = {label: amount for label, amount, _ in view["sums"]}
    assert (rows["Taken back by this refund"], rows["Of it for the lines named"]) == ("$100.00", "$46.50")
    assert rows["Of it for the rest of the invoice"] == "$53.50"
    assert receipt_from_json(receipt_as_json(content)) == content


def test_a_refund_of_named_lines_alone_has_no_rest() -> None:
    content = partly_named("30.00", "16.50", of_named="46.50", rest="0.00")
    (view,) = receipt_view(content, CLINIC, brief=False)["invoices"]
    assert not any(label.startswith("Of it for") for label, _, _ in view["sums"])


def test_a_refund_that_names_none_prints_all_lines() -> None:
    """Also of an invoice that an older release kept without the ids of its lines."""
    for content in (named(invoice(4)), named(invoice(4), 2, known=False)):
        (told,) = content.settled
        assert ([line.position for line in told.lines], told.only_named) == ([1, 2, 3, 4], False)
        (shown,) = receipt_view(content, CLINIC, brief=False)["invoices"]
        assert any("Visit" in label for label, _, _ in shown["sums"])


def test_frozen_content_is_read_back_as_it_was() -> None:
    one = invoice(4)
    content = receipt_content(payment(one, money("200.00")), one)
    assert receipt_from_json(receipt_as_json(content)) == content
    assert invoice_from_json(invoice_as_json(invoice_content(one))) == invoice_content(one)


def test_content_frozen_by_an_older_release_is_still_read() -> None:
    one = invoice()
    data = receipt_as_json(receipt_content(payment(one, money("200.00")), one))
    for added_later in ("next_installment", "payment_number", "refunded_so_far", "reason"):
        del data[added_later]
    for one in data["settled"]:
        del one["only_named"]
    assert receipt_from_json(data).next_installment is None


@pytest.mark.rule("INV-7.2", "INV-7.3")
def test_a_number_follows_the_clinics_pattern_and_year() -> None:
    """INV-7."""
    assert number_of_receipt("R{year}/{number:04}", 7, date(2026, 12, 31)) == "R2026/0007"
    assert number_of_receipt("{number}", 1_234_567, date(2026, 1, 1)) == "1234567"


@pytest.mark.parametrize("pattern", ["no number", "{serial}", "{number", "{number:zz}", "{number.__class__}", "x" * 70])
def test_a_pattern_that_cannot_tell_receipts_apart_gives_way_to_the_default(pattern: str) -> None:
    """INV-7."""
    assert number_of_receipt(pattern, 7, date(2026, 5, 1)) == "REC-2026-000007"
    assert DEFAULT_PATTERN == "REC-{year}-{number:06}"


def test_void_comes_before_copy_and_only_the_original_is_unstamped() -> None:
    """RCP-1, RCP-3."""
    from datetime import UTC, datetime

    from receipts.domain.receipt import Receipt, Voided

    at = datetime(2026, 11, 23, tzinfo=UTC)
    one = UUID(int=1)
    receipt = Receipt(
        receipt_id=one,
        clinic_id=one,
        patient_id=one,
        transaction_id=one,
        kind="payment",
        serial=1,
        number="1",
        amount=money("1.00"),
        language="en",
        recorded_at=at,
        numbered_on=at.date(),
        numbered_at=at,
    )
    void = replace(receipt, voided=Voided(at=at, cause="cancellation", reason=None))
    assert receipt.state == "pending"
    assert void.state == "void"
    assert rendition_of(receipt, brief=False, copy=False, original=False).name == "original"
    assert rendition_of(receipt, brief=True, copy=True, original=False).name == "copy-brief"
    assert rendition_of(void, brief=False, copy=True, original=False).name == "void"
    assert rendition_of(void, brief=False, copy=True, original=True).name == "original"
    assert rendition_of(void, brief=True, copy=False, original=False, paper="roll").name == "roll-void-brief"


@given(rendition=st.builds(Rendition))
def test_a_rendition_is_told_by_its_name(rendition: Rendition) -> None:
    assert Rendition.named(rendition.name) == rendition
