"""Every figure of a visit that differs from the ledger is named; what agrees is not."""

from __future__ import annotations

from collections.abc import Callable
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
    figures = (visit.total, visit.outstanding, visit.paid_by_method(), visit.insurers_paid, visit.patient_part)
    return Invoiced("id", "INV-2026-000001", "paid", *figures)


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


def test_what_insurers_decided_is_compared_too(clinic_day: Path) -> None:
    """INS-3, INS-4: what they pay and what they leave to the patient, each beside the ledger's own figure."""
    with Extract(clinic_day) as extract:
        visit = next(visit for visit in extract.visits() if visit.decisions and visit.patient_part)
        clinic = next(clinic for clinic in extract.clinics() if clinic.id == visit.clinic_id)
    paid = visit.paid_by_method()
    invoice = Invoiced("id", "INV-1", "paid", visit.total, visit.outstanding, paid)
    invoice.insurers_decided, invoice.patient_part = visit.insurers_paid, visit.patient_part
    assert list(differences(clinic, visit, [invoice])) == []
    invoice.patient_part -= 1
    invoice.written_off = 1
    lines = list(differences(clinic, visit, [invoice]))
    assert [line.partition(": ")[2].split(" on ")[0].rpartition(" ")[0] for line in lines] == [
        "decided to be the patient's part",
        "written off by contract",
    ]


def test_a_spoilt_row_of_the_ledger_makes_the_decisions_differ(edit: Callable[..., Path], clinic_day: Path) -> None:
    """The ledger's own transfers are the oracle: they are not what the decisions are made from."""
    with Extract(clinic_day) as extract:
        before = next(visit for visit in extract.visits() if visit.decisions and visit.patient_part)

    def spoil(rows: list[dict[str, str]]) -> None:
        of_visit = (row for row in rows if row["visit_id"] == str(before.id))
        row = next(row for row in of_visit if row["type"] == "TRANSFERIN" and row["transfer_to"] == "p")
        row["transfers"] = "0.01"

    with Extract(edit("transactions.csv", spoil)) as extract:
        spoilt = next(visit for visit in extract.visits() if visit.id == before.id)
        clinic = next(clinic for clinic in extract.clinics() if clinic.id == spoilt.clinic_id)
    assert spoilt.decisions == before.decisions
    left = sum(charge.left for charge in spoilt.decisions[-1].charges)
    invoice = Invoiced("id", "INV-1", "paid", spoilt.total, spoilt.outstanding, spoilt.paid_by_method())
    invoice.insurers_decided, invoice.patient_part = spoilt.insurers_paid, left
    (line,) = differences(clinic, spoilt, [invoice])
    assert ": decided to be the patient's part " in line
