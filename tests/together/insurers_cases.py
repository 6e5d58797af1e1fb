"""What insurers decide and pay, in which order is to be all the same, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Outcome = tuple[str, dict[str, str], str, dict[str, str], tuple[str, ...]]
"""What the invoice asks for; what each settles of it; the patient's credit; insurers'; how the fee is divided."""


@dataclass(frozen=True)
class Decided:
    """One insurer's decision on the one line: what it pays, and (group, reason, amount) of why not more."""

    by: int
    paid: int
    adjusted: Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Paid:
    """Money that comes in, or is taken back, of one of the insurers; of the patient without one."""

    amount: int
    by: int | None = None


@dataclass(frozen=True)
class Forgiven:
    """A courtesy: what the patient is asked less."""

    amount: int


Step = Decided | Paid | Forgiven


FIRST = Decided(0, 50, [("CO", "45", 10), ("PR", "2", 40)])
SECOND = Decided(1, 20, [("OA", "23", 50), ("CO", "45", 10), ("PR", "2", 20)])
THIRD = Decided(2, 15, [("OA", "23", 70), ("CO", "45", 10), ("PR", "2", 5)])
REVERSAL = Decided(0, -50, [("CO", "45", -10), ("PR", "2", -40)])
CORRECTED = Decided(0, 40, [("CO", "45", 10), ("PR", "2", 50)])
DENIED = Decided(0, 0, [("CO", "29", 100)])
DEDUCTIBLE = Decided(0, 0, [("CO", "45", 10), ("PR", "1", 90)])
ALL = Decided(1, 90, [("CO", "45", 10)])
AFTER = Decided(1, 20, [("OA", "23", 40), ("CO", "45", 10), ("PR", "2", 30)])

CASES: dict[str, tuple[Sequence[Step], Sequence[Step], Sequence[Step], Outcome]] = {
    "three payers, their money, and a patient who had paid all": (
        [Paid(100)],
        [FIRST, SECOND, THIRD, Paid(50, 0), Paid(20, 1)],
        [Paid(15, 2)],
        (
            "0.00",
            {"Delta": "50.00", "Cigna": "20.00", "Guardian": "15.00", "patient": "5.00"},
            "95.00",
            {},
            ("85.00", "10.00", "5.00", "0.00", "0.00"),
        ),
    ),
    "three payers of a patient who pays whenever": (
        [Paid(15, 2)],
        [FIRST, SECOND, THIRD, Paid(50, 0), Paid(100)],
        [Paid(20, 1)],
        (
            "0.00",
            {"Delta": "50.00", "Cigna": "20.00", "Guardian": "15.00", "patient": "5.00"},
            "95.00",
            {},
            ("85.00", "10.00", "5.00", "0.00", "0.00"),
        ),
    ),
    "the primary corrected and taken back from, before and after the secondary": (
        [Paid(50, 0)],
        [FIRST, REVERSAL, CORRECTED, AFTER, Paid(20, 1)],
        [Paid(-10, 0)],
        ("30.00", {"Delta": "40.00", "Cigna": "20.00"}, "0.00", {}, ("60.00", "10.00", "30.00", "0.00", "0.00")),
    ),
    "denied, paid on a new claim, and the secondary's money before": (
        [],
        [DENIED, FIRST, SECOND, Paid(50, 0), Paid(20, 1)],
        [],
        ("20.00", {"Delta": "50.00", "Cigna": "20.00"}, "0.00", {}, ("70.00", "10.00", "20.00", "0.00", "0.00")),
    ),
    "the primary's money twice, by its check and by its file, and what the patient pays": (
        [],
        [FIRST, SECOND, Paid(50, 0), Paid(50, 0), Paid(20, 1)],
        [Paid(5)],
        (
            "15.00",
            {"Delta": "50.00", "Cigna": "20.00", "patient": "5.00"},
            "0.00",
            {"Delta": "50.00"},
            ("70.00", "10.00", "20.00", "0.00", "0.00"),
        ),
    ),
    "nothing is paid as all is the patient's, and money comes all the same": (
        [],
        [DEDUCTIBLE, Paid(50, 0)],
        [Paid(90)],
        ("0.00", {"patient": "90.00"}, "0.00", {"Delta": "50.00"}, ("0.00", "10.00", "90.00", "0.00", "0.00")),
    ),
    "the patient pays just the patient's part, the insurer too much": (
        [],
        [FIRST, Paid(60, 0), Paid(40)],
        [],
        (
            "0.00",
            {"Delta": "50.00", "patient": "40.00"},
            "0.00",
            {"Delta": "10.00"},
            ("50.00", "10.00", "40.00", "0.00", "0.00"),
        ),
    ),
    "the primary's money twice, and once taken back": (
        [Paid(50, 0)],
        [FIRST, REVERSAL, CORRECTED, Paid(50, 0)],
        [Paid(-60, 0)],
        ("50.00", {"Delta": "40.00"}, "0.00", {}, ("40.00", "10.00", "50.00", "0.00", "0.00")),
    ),
    "the insurer pays all, the patient pays too, and then all is the patient's": (
        [],
        [Paid(100, 0), Paid(40), DEDUCTIBLE],
        [],
        ("50.00", {"patient": "40.00"}, "0.00", {"Delta": "100.00"}, ("0.00", "10.00", "90.00", "0.00", "0.00")),
    ),
    "denied, the patient pays, and it is paid on a new claim": (
        [],
        [DENIED, Paid(40), FIRST, Paid(50, 0)],
        [],
        (
            "0.00",
            {"Delta": "50.00", "patient": "40.00"},
            "0.00",
            {},
            ("50.00", "10.00", "40.00", "0.00", "0.00"),
        ),
    ),
    "the patient pays all, the contract comes and goes and comes again": (
        [],
        [Paid(100), FIRST, REVERSAL, CORRECTED],
        [Paid(40, 0)],
        (
            "0.00",
            {"Delta": "40.00", "patient": "50.00"},
            "50.00",
            {},
            ("40.00", "10.00", "50.00", "0.00", "0.00"),
        ),
    ),
    "the patient pays what the primary then takes back": (
        [Paid(50, 0)],
        [FIRST, REVERSAL, CORRECTED, Paid(100)],
        [Paid(-10, 0)],
        (
            "0.00",
            {"Delta": "40.00", "patient": "50.00"},
            "50.00",
            {},
            ("40.00", "10.00", "50.00", "0.00", "0.00"),
        ),
    ),
    "the patient pays all and is forgiven a part": (
        [Paid(100)],
        [FIRST, Paid(50, 0), Forgiven(10)],
        [],
        (
            "0.00",
            {"Delta": "50.00", "patient": "30.00"},
            "70.00",
            {},
            ("50.00", "10.00", "40.00", "0.00", "0.00"),
        ),
    ),
    "the patient pays just the patient's part and is forgiven some of it": (
        [],
        [FIRST, Paid(40), Paid(50, 0)],
        [Forgiven(10)],
        (
            "0.00",
            {"Delta": "50.00", "patient": "30.00"},
            "10.00",
            {},
            ("50.00", "10.00", "40.00", "0.00", "0.00"),
        ),
    ),
    "decided, paid, reversed, denied, and taken back whenever it had come": (
        [],
        [FIRST, Paid(50, 0), REVERSAL, DENIED, Paid(-50, 0)],
        [],
        ("0.00", {}, "0.00", {}, ("0.00", "100.00", "0.00", "0.00", "0.00")),
    ),
    "the secondary pays all, and the primary takes back": (
        [FIRST, Paid(50, 0)],
        [REVERSAL, ALL, Paid(90, 1), Paid(-50, 0)],
        [],
        ("0.00", {"Cigna": "90.00"}, "0.00", {}, ("90.00", "10.00", "0.00", "0.00", "0.00")),
    ),
}
