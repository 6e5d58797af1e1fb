"""The same role has the same place and name in all four services.

`make house ARGS=roles` prints what deviates: give the new file or function the name of its role.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).parents[1] / "house"
ROLES = (
    "announcing",
    "bodies",
    "handlers",
    "jobs",
    "nouns",
    "problems",
    "routes",
    "same_handling",
    "settings",
    "subscriptions",
    "tables",
    "verbs",
)


@pytest.fixture(scope="module")
def anatomy() -> Iterator[ModuleType]:
    """The part of `make house` that knows the roles."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(HOUSE))
        yield importlib.import_module("anatomy")


def deviating(anatomy: ModuleType, role: str) -> set[str]:
    files = importlib.import_module("files")
    return set(anatomy.ROLES[role](files.files_of(*files.SERVICES, "contracts")))


def test_rows_are_written_and_read_in_one_way(anatomy: ModuleType) -> None:
    """What deviates is named by `make house ARGS=rows`; the chassis alone spells arrays out, and knows no table."""
    files, idioms = importlib.import_module("files"), importlib.import_module("row_idioms")
    services, everything = files.files_of(*files.SERVICES), files.files_of(*files.SERVICES, "chassis")
    others = idioms.WRITING.keys() - {"unnest of arrays"}
    assert [place for name in others for place in idioms.places_of(idioms.WRITING[name], everything)] == []
    assert idioms.places_of(idioms.arrays_by_unnest, services) == []


def test_every_role_is_tried(anatomy: ModuleType) -> None:
    assert anatomy.ROLES.keys() == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_deviates(anatomy: ModuleType, role: str) -> None:
    assert deviating(anatomy, role) == set(), anatomy.ROLES[role].__doc__
