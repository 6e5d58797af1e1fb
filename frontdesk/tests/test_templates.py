"""What every page comes with: scripts where they are used, and files that it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from told_services import Office

import frontdesk

PACKAGE = Path(frontdesk.__file__).parent
TEMPLATES = {file.name: file.read_text(encoding="utf-8") for file in (PACKAGE / "templates").glob("*.html")}
ASSET = re.compile(r"asset\('([^']+)'\)")


@pytest.mark.parametrize("name", [name for name, text in TEMPLATES.items() if not name.startswith("part_")])
def test_a_page_loads_htmx_where_parts_of_it_change_in_place_and_nowhere_else(name: str) -> None:
    changes, loads = " hx-" in TEMPLATES[name], "{% block parts %}{{ m.htmx() }}{% endblock %}" in TEMPLATES[name]
    assert changes == loads


def test_files_that_pages_ask_for_are_there() -> None:
    asked = {path for text in TEMPLATES.values() for path in ASSET.findall(text)}
    assert len(asked) > 2
    assert [path for path in asked if not (PACKAGE / "static" / path).is_file()] == []


async def test_a_page_asks_for_few_files_and_for_htmx_only_to_search(desk: Office) -> None:
    desk.sign_in()
    groups, patients = [(await desk.get(path)).text for path in ("/settings/groups", "/patients")]
    assert ("htmx" in groups, "htmx-2" in patients, "htmx-config" in patients) == (False, True, True)
    assert (groups.count('rel="stylesheet"'), groups.count("<script")) == (1, 1)
