"""What a person is told to look at where a service did not do what follows from an event."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from local_stack.layout import PORTS, Layout, kept_passwords
from local_stack.looking import set_aside_by
from local_stack.places import ROOT, home
from local_stack.playing import at_the_desk
from local_stack.practice.play import where_to_look
from local_stack.practice.problems import PlayError, Stuck
from rich.console import Console


def test_what_a_service_set_aside_is_listed_by_a_command_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert set_aside_by(home(), "invoicing") == ".venv/bin/stack exec invoicing dead-letters list"
    other = Path("/elsewhere/stack")
    assert set_aside_by(other, "payments") == ".venv/bin/stack --home /elsewhere/stack exec payments dead-letters list"


def test_each_service_that_something_waits_for_is_named_with_where_to_look() -> None:
    said = io.StringIO()
    where_to_look(Console(file=said), Stuck("nothing came", "receipts", "notifications"), "the list of {}".format)
    assert said.getvalue().splitlines() == [
        "What receipts set aside, and why: the list of receipts",
        "What notifications set aside, and why: the list of notifications",
    ]
    where_to_look(Console(file=said), PlayError("no answer"), "the list of {}".format)
    assert len(said.getvalue().splitlines()) == 2


def test_a_demo_ends_with_how_its_day_is_worked_with(tmp_path: Path) -> None:
    """The address, the people and their password are those of the same stack when it is started again."""
    layout = Layout(tmp_path, dict(zip(PORTS, range(20_000, 20_100), strict=False)), kept_passwords(tmp_path))
    said = "\n".join(at_the_desk(layout))
    again = Layout(tmp_path, layout.ports, kept_passwords(tmp_path))
    for told in (f"STACK_HOME={tmp_path} make up", again.url("frontdesk"), again.passwords["people"], "dana, olga"):
        assert told in said
    assert again.api_url("payments") == f"{again.url('frontdesk')}/api/payments"
