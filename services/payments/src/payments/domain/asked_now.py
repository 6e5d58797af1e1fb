"""What a patient's invoices ask for now: of the patient, for how long, and of which insurers (`PAY-9`, `INS-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.ages import AGES, age_of

from payments.domain.installment import Asking
from payments.domain.insurers_part import is_same
from payments.domain.transaction import Payer


@dataclass(frozen=True, slots=True)
class AskedNow:
    """What is asked of the patient, what is due first, first; and what is left to each insurer, in minor units."""

    of_patient: tuple[Asking, ...] = ()
    of_insurers: tuple[tuple[Payer, int], ...] = ()
    write_offs: tuple[tuple[Payer, int], ...] = ()
    """What of that is expected to be written off, not paid (`INS-1`)."""

    @property
    def next(self) -> Asking | None:
        """What the patient is asked for next (`PLN-10`)."""
        return self.of_patient[0] if self.of_patient else None

    @property
    def insurers_minor(self) -> int:
        """What is left to all insurers."""
        return sum(minor for _, minor in self.of_insurers)

    @property
    def of_each_insurer(self) -> list[tuple[Payer, int, int]]:
        """Each insurer with what is left to it, and what of that is expected to be written off."""
        return [
            (payer, minor, sum(off for other, off in self.write_offs if is_same(other, payer)))
            for payer, minor in self.of_insurers
        ]

    def aged(self, as_of: date) -> tuple[int, ...]:
        """What is asked of the patient, minor units for each of `AGES`, as the ageing report has it (`PAY-16`)."""
        amounts = [0] * len(AGES)
        for part in self.of_patient:
            amounts[age_of(part.due_date, as_of)] += part.minor
        return tuple(amounts)
