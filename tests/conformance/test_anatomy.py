"""The same role has the same place and name in all four services; what has not yet is named here, and gets less.

`make house ARGS=roles` prints what deviates. Who gives something its role's name takes it out of the list below; who
adds a deviation gives the new file or function the name of its role instead.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).parents[1] / "house"
KEPT = ("announcing", "handlers", "jobs", "problems", "routes", "same_handling", "settings", "subscriptions", "verbs")
"""Roles from which nothing deviates any more."""
NOT_YET: dict[str, str] = {
    "bodies": """
    """,
    "tables": """
        payments/persistence/tables.py: is not there
    """,
    "nouns": """
    """,
}


@pytest.fixture(scope="module")
def anatomy() -> Iterator[ModuleType]:
    """The part of `make house` that knows the roles."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(HOUSE))
        yield importlib.import_module("anatomy")


def deviating(anatomy: ModuleType, role: str) -> set[str]:
    files = importlib.import_module("files")
    return set(anatomy.ROLES[role](files.files_of(*files.SERVICES, "contracts")))


def listed(role: str) -> set[str]:
    return {line.strip() for line in NOT_YET.get(role, "").splitlines() if line.strip()}


def test_every_role_is_kept_or_has_a_list(anatomy: ModuleType) -> None:
    assert anatomy.ROLES.keys() == {*KEPT, *NOT_YET}


@pytest.mark.parametrize("role", [*KEPT, *NOT_YET])
def test_nothing_deviates_but_what_is_listed(anatomy: ModuleType, role: str) -> None:
    assert deviating(anatomy, role) - listed(role) == set(), anatomy.ROLES[role].__doc__


@pytest.mark.parametrize("role", NOT_YET)
def test_nothing_is_listed_that_has_its_name_by_now(anatomy: ModuleType, role: str) -> None:
    assert listed(role) - deviating(anatomy, role) == set(), "take it out of the list: it may only shrink"
