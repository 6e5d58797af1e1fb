"""The people of the local stack, who sign in at its issuer: one of each kind that a practice has (`ALL-5`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from uuid import UUID

from local_stack.edge.clients import SCOPES
from local_stack.places import ROOT

_READS = frozenset(scope for scope in SCOPES if scope.endswith(":read"))


@dataclass(frozen=True)
class Person:
    """Somebody of a practice, and what they may do there."""

    username: str
    name: str
    role: str
    scopes: frozenset[str]

    @property
    def subject(self) -> str:
        """Who made a change, as every record has it."""
        return f"person:{self.username}"


PEOPLE = {
    one.username: one
    for one in (
        Person(
            "dana",
            "Dana Desk",
            "Front desk",
            _READS | {"invoices:write", "payments:write", "payments:reverse", "notifications:write"},
        ),
        Person("olga", "Olga Owner", "Dentist and owner, approves", SCOPES),
        Person("arno", "Arno Accountant", "Accountant", _READS | {"operations"}),
        Person("rhea", "Rhea Reader", "May only read", _READS),
    )
}
"""By the name that they sign in with; all have the password that is told where the stack is started."""


def clinics_to_try() -> dict[UUID, str]:
    """The clinics of the sample day, which `make demo` and `make play` bring, by id with a name."""
    file = ROOT / "deploy" / "local" / "data" / "clinic-day" / "clinics.csv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as rows:
        return {UUID(row["clinic_id"]): row["name"] for row in csv.DictReader(rows)}
