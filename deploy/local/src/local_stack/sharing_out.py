"""How the workers of a test run share out the tests: file by file, and what mostly waits first."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadGroupScheduling

_FIRST = "stack"
_ALL_SERVICES = "tests/"


class FileByFile(LoadGroupScheduling):  # type: ignore[misc]  # its package has no types
    """A group's tests are one worker's (`xdist_group`), and so are a file's: what they share is made once.

    Taken in the order in which they are collected, not by how many tests there are: that says nothing of the time.
    """

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        group = super()._split_scope(nodeid)
        return nodeid.partition("::")[0] if group == nodeid else group


def groups_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests with those of a group in front, the whole stack's before all: they take longest and mostly wait.

    Then what is about all services (`tests/`), whose files are the longest: what comes last should be short, as it is
    what one worker has left when the others are done.
    """
    return sorted(items, key=lambda item: _rank(group_of(item), item.nodeid))


def group_of(item: pytest.Item) -> str | None:
    """The group whose tests are one worker's."""
    mark = item.get_closest_marker("xdist_group")
    return None if mark is None else str(mark.args[0])


def _rank(group: str | None, name: str) -> tuple[bool, bool, str, bool]:
    return (group is None, group != _FIRST, group or "", not name.startswith(_ALL_SERVICES))
