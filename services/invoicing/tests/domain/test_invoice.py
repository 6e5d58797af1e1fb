"""A draft changes, an issued invoice does not, a void one keeps its number (`INV-6` to `INV-9`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from chassis.clock import today
from chassis.identifiers import new_id
from invoicing.domain.errors import (
    BooksClosed,
    EmptyInvoice,
    Invalid,
    InvoiceHasPayments,
    NoteAlreadyUndone,
    NoteCannotBeUndone,
    WrongState,
)
from invoicing_making import NOW, TODAY, credited, draft, issued, line, settings


@pytest.mark.rule("INV-6.2", "INV-11.1")
def test_issuing_freezes_date_due_date_totals_and_number() -> None:
    invoice = (
        draft([line(12_345)]).issue(settings(due_days=14), TODAY, NOW, "clerk:2").number_as(7, "R-{year}-{number:04}")
    )
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("R-2026-0007", TODAY, date(2026, 12, 7))
    assert (invoice.shown_status, invoice.outstanding, invoice.version) == ("issued", 12_345, 2)


def test_an_issued_invoice_cannot_be_changed_deleted_or_issued_again() -> None:
    """What replaces and issues is the draft's: whoever wants either asks for the draft first."""
    invoice = issued([line(100)])
    for step in ("changed", "deleted", "issued"):
        with pytest.raises(WrongState):
            invoice.require_draft(step)
        assert draft([line(100)]).require_draft(step)
    assert not {"replace", "issue", "number_as"} & set(dir(invoice))


def test_a_draft_and_an_invoice_without_a_number_ask_for_nothing_and_take_no_notes() -> None:
    """What has not been issued has neither number nor dates: their types say so, and mypy sees to it."""
    made = draft([line(100)])
    frozen = made.issue(settings(), TODAY, NOW, "clerk:1")
    for one in (made, frozen):
        assert not {"number", "voided_on"} & set(dir(one))
        assert one.outstanding == 0
        with pytest.raises(WrongState):
            one.creditable()
        with pytest.raises(WrongState):
            one.require_issued("credited")


def test_an_invoice_without_lines_cannot_be_issued() -> None:
    with pytest.raises(EmptyInvoice):
        draft([]).issue(settings(), TODAY, NOW, "clerk:1")


def test_an_invoice_of_zero_is_paid_at_once() -> None:
    assert issued([line(0)]).shown_status == "paid"


def test_nothing_is_issued_before_the_books_close() -> None:
    with pytest.raises(BooksClosed):
        draft([line(1)]).issue(settings(books_closed_until=TODAY + timedelta(days=1)), TODAY, NOW, "clerk:1")


def test_a_due_date_before_the_issue_date_is_refused() -> None:
    invoice = draft([line(1)])
    invoice.replace(replace(invoice.content, due_date=TODAY - timedelta(days=1)))
    with pytest.raises(Invalid) as refused:
        invoice.issue(settings(), TODAY, NOW, "clerk:1")
    assert refused.value.field == "due_date"


@pytest.mark.rule("INV-9.4")
def test_status_follows_the_outstanding() -> None:
    invoice = issued([line(10_000)])
    invoice.settled = 4_000
    assert (invoice.shown_status, invoice.outstanding) == ("partially_paid", 6_000)
    credited(invoice, invoice.creditable().credit_total(6_000, "courtesy"))
    assert (invoice.shown_status, invoice.outstanding) == ("paid", 0)


@pytest.mark.rule("INV-16.1")
@pytest.mark.parametrize(
    ("settled", "notes", "status"),
    [
        (0, [("write_off", 10_000)], "written_off"),
        (4_000, [("write_off", 6_000)], "written_off"),
        (4_000, [("courtesy", 1_000), ("write_off", 5_000)], "written_off"),
        (0, [("courtesy", 4_000), ("write_off", 6_000)], "written_off"),
        (0, [("courtesy", 10_000)], "credited"),
        (0, [("courtesy", 4_000), ("price_correction", 6_000)], "credited"),
        (4_000, [("price_correction", 6_000)], "paid"),
        (8_000, [("contractual_write_off", 2_000)], "paid"),
        (0, [("contractual_write_off", 10_000)], "written_off"),
        (4_000, [("write_off", 5_000)], "partially_paid"),
    ],
)
def test_what_closed_an_invoice_is_its_status(settled: int, notes: list[tuple[str, int]], status: str) -> None:
    """INV-16: a write-off or a credit of the whole is never read as paid; what a contract takes off was never owed."""
    invoice = issued([line(10_000)])
    invoice.settled = settled
    for kind, minor in notes:
        credited(invoice, invoice.creditable().credit_total(minor, kind), kind)
    assert invoice.shown_status == status


@pytest.mark.rule("INV-9.3")
def test_outstanding_is_never_below_zero() -> None:
    invoice = issued([line(10_000)])
    invoice.settled = 8_000
    credited(invoice, invoice.creditable().credit_total(5_000, "courtesy"))
    assert invoice.outstanding == 0


@pytest.mark.rule("INV-9.5")
def test_overdue_is_the_day_after_the_due_date() -> None:
    invoice = issued([line(100)])
    assert not invoice.is_overdue(invoice.due_date)
    assert invoice.is_overdue(invoice.due_date + timedelta(days=1))
    invoice.settled = 100
    assert not invoice.is_overdue(invoice.due_date + timedelta(days=1))


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Pago_Pago", date(2026, 11, 22)), ("Pacific/Kiritimati", date(2026, 11, 24)), ("UTC", TODAY)],
)
def test_today_is_the_clinics_calendar_day(zone: str, day: date) -> None:
    instant = datetime(2026, 11, 23, 10, 30, tzinfo=UTC) if zone != "UTC" else NOW
    assert today(instant, zone) == day


def test_voiding_with_money_on_it_is_refused_naming_the_payments() -> None:
    invoice, payment = issued([line(100)]), new_id()
    invoice.settled = 40
    with pytest.raises(InvoiceHasPayments) as refused:
        invoice.void(TODAY, "clerk:1", "wrong patient", [payment])
    assert refused.value.extensions["payments"] == [str(payment)]


def test_a_void_invoice_keeps_its_number_and_asks_for_nothing() -> None:
    invoice = issued([line(100)])
    void = invoice.void(TODAY, "clerk:1", "wrong patient", [])
    assert (void.number, void.shown_status, void.outstanding) == (invoice.number, "void", 0)
    assert (void.voided_on, void.voided_by, void.void_reason) == (TODAY, "clerk:1", "wrong patient")
    with pytest.raises(WrongState):
        void.creditable()
    assert not hasattr(void, "void")


def test_a_note_is_undone_once_and_an_undoing_never() -> None:
    invoice = issued([line(100)])
    note = credited(invoice, invoice.creditable().credit_total(30, "courtesy"))
    assert invoice.undoable(note.id) is note
    undoing = credited(invoice, note.amounts, "undo_credit_note", note.id)
    assert invoice.outstanding == 100
    with pytest.raises(NoteAlreadyUndone):
        invoice.undoable(note.id)
    with pytest.raises(NoteCannotBeUndone):
        invoice.undoable(undoing.id)
    assert invoice.undoable(UUID(int=1)) is None


def test_a_refund_adjustment_is_not_undone_by_hand() -> None:
    invoice = issued([line(100)])
    note = credited(invoice, invoice.creditable().credit_total(30, "refund"), "refund_adjustment")
    with pytest.raises(NoteCannotBeUndone):
        invoice.undoable(note.id)
