"""What events that cross can explain, and what they cannot: the model of the state machine by itself (`PAY-11`)."""

from __future__ import annotations

from typing import Any

import pytest
from books_in_words import Books
from explaining import Step, outcomes
from front_office import Done, as_shown

ANA = "Ana"


@pytest.fixture
def books() -> Books:
    """Two invoices of 100, the second settled by an old payment."""
    books = Books()
    assert books.issue("bill", ANA, 100)
    assert books.issue("old bill", ANA, 100)
    assert books.pay("1: old", ANA, 100, ["old bill"], more_allowed=False)
    return books


def note(side: str, cents: int, invoice: str = "bill") -> Step:
    return "note", {"invoice": invoice, "side": side, "amount": cents}


def pay(cents: int, *invoices: str) -> Step:
    return "pay", {"patient": ANA, "amount": cents, "invoices": list(invoices), "more_allowed": False}


def refund(cents: int) -> Step:
    return "refund", {"payment": "1: old", "amount": cents, "surplus_only": False}


def void(invoice: str = "bill") -> Step:
    return "void", {"invoice": invoice}


def came(books: Books, *steps: tuple[Step, bool]) -> list[dict[str, Any]]:
    """What people would see after each order that explains this."""
    done = [(step, Done(allowed, made=f"{place}: new")) for place, (step, allowed) in enumerate(steps, start=2)]
    return [as_shown(found, [ANA]) for found in outcomes([books], done)]


def test_two_credit_notes_beyond_the_invoice_are_not_explained(books: Books) -> None:
    """INV-6, MON-5: both are invoicing's own."""
    assert came(books, (note("credit", 80), True), (note("credit", 80), True)) == []
    (found,) = came(books, (note("credit", 80), True), (note("credit", 80), False))
    assert found["invoices"]["bill"] == (20, 0, -80, "issued")
    assert len(came(books, (note("credit", 80), True), (note("credit", 20), True))) == 1


def test_nor_are_they_beside_money_that_crosses(books: Books) -> None:
    assert came(books, (note("credit", 80), True), (note("credit", 80), True), (pay(50, "bill"), True)) == []
    two_on_the_old = [(note("credit", cents, "old bill"), True) for cents in (80, 80)]
    assert came(books, *two_on_the_old, (refund(30), True)) == []


def test_refund_that_a_credit_note_crossed_is_credited_what_that_left(books: Books) -> None:
    """PAY-20: the refund takes the surplus of a note before it; of one that it did not see it is credited the rest."""
    found = came(books, (note("credit", 80, "old bill"), True), (refund(100), True))
    assert [one["invoices"]["old bill"] for one in found] == [(0, 0, -100, "credited")] * len(found)
    found = came(books, (note("credit", 80, "old bill"), True), (refund(10), True))
    assert {(one["invoices"]["old bill"], one["credit"][ANA]) for one in found} == {
        ((0, 20, -80, "paid"), 70),  # the note was heard of first, or crossed the refund: its surplus is refunded
        ((0, 10, -90, "paid"), 80),  # the refund was heard of first
    }
    assert len(came(books, (note("credit", 80, "old bill"), False), (refund(100), True))) == 1


def test_refund_that_was_heard_of_explains_no_credit_note(books: Books) -> None:
    assert books.refund("2: before", "1: old", 100, surplus_only=False)
    assert came(books, (note("credit", 80, "old bill"), True), (pay(50, "bill"), True)) == []


@pytest.mark.parametrize(
    "changed", [note("credit", 10), note("debit", 10), ("undo_note", {"note": "n", "side": "debit"})]
)
def test_invoice_that_was_void_before_is_not_changed_by_a_note(books: Books, changed: Step) -> None:
    """INV-6, INV-8."""
    assert books.note("n", "bill", "debit", 10)
    assert books.void("bill")
    assert came(books, (changed, True), (pay(10), True)) == []
    assert len(came(books, (changed, False), (pay(10), True))) == 1


def test_note_and_void_at_once_are_both_allowed_in_one_order_only(books: Books) -> None:
    (found,) = came(books, (note("debit", 10), True), (void(), True))
    assert found["invoices"]["bill"] == (0, 0, 10, "void")
    assert len(came(books, (note("debit", 10), False), (void(), True))) == 1
    assert came(books, (note("debit", 10), True), (void(), False)) == []


def test_payment_explains_a_void_that_crosses_it(books: Books) -> None:
    """PAY-11: it is credit then."""
    found = came(books, (void(), True), (pay(100, "bill"), True))
    assert [(one["invoices"]["bill"], one["credit"]) for one in found] == [((0, 0, 0, "void"), {ANA: 100})]
    assert len(came(books, (void(), True), (pay(100, "bill"), False))) == 1


def test_money_that_stood_before_and_that_nobody_touched_excuses_no_void(books: Books) -> None:
    """INV-8."""
    assert came(books, (void("old bill"), True)) == []
    assert came(books, (void("old bill"), True), (pay(100, "bill"), True)) == []
    assert books.note("n", "old bill", "debit", 50)
    assert came(books, (void("old bill"), True), (pay(50, "old bill"), True)) == []


def test_void_twice_is_not_explained(books: Books) -> None:
    assert came(books, (void(), True), (void(), True)) == []


def test_credit_goes_by_the_numbers_of_invoices_that_were_issued_at_once() -> None:
    """PAY-3: the model may have explained them in another order than that in which they got their numbers."""
    books = Books()
    assert books.issue("drawn first", ANA, 50, "INV-000002")
    assert books.issue("drawn second", ANA, 50, "INV-000001")
    assert books.pay("1: deposit", ANA, 30, [], more_allowed=True)
    assert books.apply(ANA, None, None)
    assert {one: it.settled for one, it in books.invoices.items()} == {"drawn first": 0, "drawn second": 30}


def test_credit_settles_anothers_invoice_only_where_it_is_named() -> None:
    """PAY-3, PAY-14: what it settles is asked for no more, and a debt of others is no reason to spend it unnamed."""
    books = Books()
    assert books.issue("his bill", "Ben", 50)
    assert books.pay("1: deposit", ANA, 80, [], more_allowed=True)
    assert not books.apply(ANA, None, None)
    assert not books.apply(ANA, "his bill", 51)
    assert books.apply(ANA, "his bill", None)
    assert (books.invoices["his bill"].room, books.credit_of(ANA), books.credit_of("Ben")) == (0, 30, 0)


def test_books_in_which_a_payment_settled_in_another_order_are_kept_apart(books: Books) -> None:
    """PAY-4: a refund takes from what was settled last, so both orders of what happened at once must be kept."""
    deposit = ("pay", {"patient": ANA, "amount": 40, "invoices": [], "more_allowed": True})
    (books,) = outcomes([books], [(deposit, Done(allowed=True, made="2: deposit"))])
    assert books.issue("third bill", ANA, 100)
    at_once: list[tuple[Step, Done]] = [
        (("apply", {"patient": ANA, "invoice": invoice, "amount": 20}), Done(allowed=True))
        for invoice in ("bill", "third bill")
    ]
    found = outcomes([books], at_once)
    assert sorted(list(one.payments["2: deposit"].settled) for one in found) == [
        ["bill", "third bill"],
        ["third bill", "bill"],
    ]
