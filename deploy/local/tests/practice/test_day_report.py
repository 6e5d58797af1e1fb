"""What came out of a day is told aligned, within 80 columns, and says no where the books do not balance."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from local_stack.practice.day import Day
from local_stack.practice.day_report import report
from local_stack.practice.ledger import Clinic, Patient
from local_stack.practice.outcome import Outcome, ReceiptShown, Tally
from local_stack.practice.printing import WIDTH
from local_stack.practice.unusual import Scene

NAME = "UMASS MEMORIAL HEALTHALLIANCE CLINTON HOSPITAL AND ALL ITS SATELLITES IN THE VALLEY INC"


@pytest.fixture
def day() -> Day:
    clinics = [Clinic(uuid4(), str(n), NAME if n == 0 else f"Clinic {n}", "", "", "", "", "") for n in range(3)]
    patient = Patient(uuid4(), "Ana", "Peña", date(1980, 1, 1), "", "", "", "")
    receipts = [
        ReceiptShown(str(n), clinics[0], f"REC-{n}", "payment", "void" if n else "issued", n < 2, f"t{n}")
        for n in range(3)
    ]
    outcome = Outcome(
        of_visits=Tally(35, 6_643_560),
        by_hand=Tally(4, 49_906),
        void=Tally(1, 7_500),
        payments={"cash": Tally(2, 15_000), "insurance": Tally(1, 345_678)},
        refunds=Tally(2, 8_000),
        cancelled=Tally(1, 4_800),
        receipts={receipt.id: receipt for receipt in receipts},
        emails=Counter(sent=200, no_consent=15, no_address=23),
        outstanding={clinics[0].id: 3_506, clinics[1].id: 0},
        clinics={clinic.id: clinic for clinic in clinics},
    )
    scene = Scene("paid too much, and given back", clinics[0], patient, date(2026, 11, 23), ["paid " * 30])
    return Day(date(2026, 11, 23), 35, 219, 4.0, 9.5, outcome, [scene], [], Path("receipts"), 15, "mails")


def test_every_line_fits_into_eighty_columns(day: Day) -> None:
    assert max(len(line) for line in report(day)) <= WIDTH


def test_figures_stand_under_each_other(day: Day) -> None:
    lines = list(report(day))
    table = [line for line in lines if line.startswith(("  Invoices", "  Payments", "  Refunds", "  Outstanding"))]
    assert len({len(line) for line in table}) == 1
    assert ["Payments", "together", "3", "3,606.78"] in [line.split() for line in lines]


def test_what_was_stored_sent_and_is_outstanding_is_said(day: Day) -> None:
    text = "\n".join(report(day))
    assert "2 receipts stored, 1 of them stamped VOID" in text
    assert "200 emails accepted by the mail catcher" in text
    assert "38 emails not sent: no address 23, no consent 15" in text
    assert "2 other clinics" in text
    assert "35 visits and 219 payments in 4.0 s (55 payments/s)" in text


def test_books_balance_unless_something_differs(day: Day) -> None:
    day.proven.append("invoicing and payments: 2,816 invoices, 0 differences, 1.2 s")
    lines = list(report(day))
    assert "Books balance: yes" in lines
    assert lines[-1] == "    invoicing and payments: 2,816 invoices, 0 differences, 1.2 s"
    day.proven.clear()
    day.differences.append("payments, Clinic 1: credit: 1 expected, 2 found")
    lines = list(report(day))
    assert lines[-2:] == ["Books balance: no", "  payments, Clinic 1: credit: 1 expected, 2 found"]


def test_a_day_counts_what_must_follow_it(day: Day) -> None:
    outcome = day.outcome
    assert outcome.receipts_due == 3 + 1 + 2
    assert outcome.messages_due == 40 + 6 + 1
    assert outcome.messages_done == 238
    outcome.emails["planned"] += 1
    assert outcome.messages_done == 238
