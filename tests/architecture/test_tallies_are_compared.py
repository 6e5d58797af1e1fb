"""Whatever a service shows of what others keep, too, is compared with theirs (`ALL-8`)."""

from __future__ import annotations

from importlib import import_module

import pytest
from local_stack.layout import SERVICES
from local_stack.practice.comparing import COMPARED


@pytest.mark.parametrize("service", SERVICES)
def test_every_figure_of_a_tally_is_compared_with_somebodys(service: str) -> None:
    tallies = import_module(f"{service}.persistence.tallies").TALLIES
    shown = {(name, figure) for name, tally in tallies.items() for figure in tally.figures}
    compared = {(one.name, figure) for one in COMPARED if service in (one.first, one.second) for figure in one.figures}
    assert shown == compared
