"""Every figure of a visit that differs from the ledger is named; what agrees is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from local_stack.practice.comparison import Invoiced, differences
from local_stack.practice.extract import Extract
from local_stack.practice.ledger import Clinic, Visit
from local_stack.practice.printing import WIDTH, aligned, dollars


@pytest.fixture
def treated(clinic_day: Path) -> tuple[Clinic, Visit]:
    with Extract(clinic_day) as extract:
        visit = next(visit for visit in extract.visits() if visit.payments)
        return next(clinic for clinic in extract.clinics() if clinic.id == visit.clinic_id), visit


@pytest.fixture
def invoice(treated: tuple[Clinic, Visit]) -> Invoiced:
    visit = treated[1]
    return Invoiced("id", "INV-2026-000001", "paid", visit.total, visit.outstanding, visit.paid_by_method())


def test_an_invoice_as_the_ledger_has_it_agrees(treated: tuple[Clinic, Visit], invoice: Invoiced) -> None:
    assert list(differences(*treated, [invoice])) == []


def test_a_visit_without_an_invoice_is_named(treated: tuple[Clinic, Visit]) -> None:
    (line,) = differences(*treated, [])
    assert str(treated[1].id) in line
    assert line.endswith("has no invoice instead of one")


def test_a_visit_with_two_invoices_is_named(treated: tuple[Clinic, Visit], invoice: Invoiced) -> None:
    (line,) = differences(*treated, [invoice, invoice])
    assert "has 2 invoices (INV-2026-000001, INV-2026-000001)" in line


def test_each_figure_that_differs_is_named_with_both_amounts(treated: tuple[Clinic, Visit], invoice: Invoiced) -> None:
    invoice.total += 1
    invoice.outstanding = 100
    invoice.paid["patient", "cash"] += 5
    lines = list(differences(*treated, [invoice]))
    assert [
        what
        for what in ("total", "paid by the patient by cash", "outstanding")
        for line in lines
        if f": {what} " in line
    ] == ["total", "paid by the patient by cash", "outstanding"]
    assert len(lines) == 3
    assert lines[-1].endswith("outstanding 1.00 on INV-2026-000001, 0.00 in the ledger")


def test_a_payment_by_another_method_is_a_difference_of_both(treated: tuple[Clinic, Visit], invoice: Invoiced) -> None:
    (payer, method), cents = invoice.paid.most_common(1)[0]
    del invoice.paid[payer, method]
    invoice.paid["patient", "check" if method != "check" else "cash"] += cents
    assert len(list(differences(*treated, [invoice]))) == 2


def test_tables_are_aligned_within_eighty_columns() -> None:
    lines = aligned([("A clinic whose name goes on and on " * 4, "1,234.00"), ("short", "7.50")])
    assert all(len(line) <= WIDTH for line in lines)
    assert {line[-3:] for line in lines} == {".00", ".50"}
    assert len({len(line) for line in lines}) == 1


def test_dollars_have_thousands_set_apart() -> None:
    assert [dollars(cents) for cents in (0, 5, -123_456, 517_188_984)] == ["0.00", "0.05", "-1,234.56", "5,171,889.84"]
