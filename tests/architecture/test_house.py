"""What `make house` counts is what it says: each measure notices what is planted, and finds nothing in what is well."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HOUSE = Path(__file__).parents[1] / "house"
PARTS = ("files", "member", "row_idioms", "circles", "anatomy", "rules")
Idioms = dict[str, str]
FILES_FOR_A_FIELD = 15
"""Of them eight are the catalogs, two the declaration and the migration of a member that has a column of its own."""


@pytest.fixture(scope="module")
def house() -> Iterator[dict[str, ModuleType]]:
    """The parts of the command, imported as the command imports them, and the command itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(HOUSE))
        parts = {name: importlib.import_module(name) for name in PARTS}
        spec = importlib.util.spec_from_file_location("house_main", HOUSE / "__main__.py")
        assert spec is not None
        assert spec.loader is not None
        parts["main"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(parts["main"])
        yield parts


def files(house: dict[str, ModuleType], texts: dict[str, str]) -> list[Any]:
    return [house["files"].File(path, text) for path, text in texts.items()]


def test_the_command_says_something_of_every_part(
    house: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    assert house["main"].main([]) == 0
    said = capsys.readouterr().out
    for expected in ("one more field", "idioms of writing", "lines of source", "deviations", "circles", "rules of"):
        assert expected in said


def test_every_place_of_a_part_is_said_where_it_is_asked_for(
    house: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    assert house["main"].main(["fields"]) == 0
    assert "services/invoicing/src/invoicing/domain/claim.py" in capsys.readouterr().out


def test_a_field_is_followed_from_the_request_to_the_printed_invoice(house: dict[str, ModuleType]) -> None:
    edited = house["member"].edited_files()
    on_the_way = (
        "services/invoicing/src/invoicing/domain/claim.py",
        "contracts/src/contracts/claims.py",
        "services/receipts/src/receipts/domain/printed_invoice.py",
    )
    assert set(on_the_way) <= set(edited)
    assert len(edited) <= FILES_FOR_A_FIELD, edited
    assert not [path for path in edited if "/tests/" in path or "treatment_plan" in path or path.endswith(".json")]


IDIOMS: Idioms = {
    "unnest of arrays": 'X = "INSERT INTO a SELECT * FROM unnest(CAST(:ids AS uuid[]))"\n',
    "jsonb_populate_recordset": 'X = f"INSERT INTO {a} SELECT * FROM jsonb_populate_recordset(NULL::a, $1)"\n',
    "jsonb_to_recordset": 'X = "SELECT * FROM jsonb_to_recordset($1) AS r (id uuid)"\n',
    "Core": "from sqlalchemy import select as chosen\nx = chosen(a)\n",
    "positional tuples": "async def add(rows: Sequence[tuple[Any, ...]]) -> None: ...\n",
    "Row[Any], list[Any]": "async def found(connection: AsyncConnection) -> list[Any]: ...\n",
}


@pytest.mark.parametrize("name", IDIOMS)
def test_an_idiom_of_rows_is_counted_where_it_is_and_nowhere_else(house: dict[str, ModuleType], name: str) -> None:
    idioms = house["row_idioms"].IDIOMS
    (file,) = files(house, {"payments/persistence/x.py": IDIOMS[name]})
    assert [other for other, idiom in idioms.items() if house["row_idioms"].places_of(idiom, [file])] == [name]
    assert idioms.keys() == IDIOMS.keys()


def test_what_a_docstring_says_of_an_idiom_is_none(house: dict[str, ModuleType]) -> None:
    texts = {"payments/persistence/x.py": '"""Rows by unnest(CAST(:ids AS uuid[]))."""\n'}
    assert house["row_idioms"].places_of(house["row_idioms"].arrays_by_unnest, files(house, texts)) == []


def test_circles_of_modules_and_of_rooms_are_found(house: dict[str, ModuleType]) -> None:
    texts = {
        "a/one/x.py": "from a.two import y\n",
        "a/two/y.py": "if TYPE_CHECKING:\n    from a.one.x import X\n",
        "a/three/p.py": "import a.four.q\n",
        "a/four/r.py": "from a.three import s\n",
        "a/four/q.py": "",
        "a/three/s.py": "",
        "a/five/t.py": "from a.one.x import X\n",
    }
    found = house["circles"].circles_of(files(house, texts))
    assert found == ["a.one.x <-> a.two.y", "in a: four <-> three", "in a: one <-> two"]


def test_who_imports_downwards_is_in_no_circle(house: dict[str, ModuleType]) -> None:
    texts = {"a/__init__.py": "from a.x import X\n", "a/x.py": "from a.y import Y\n", "a/y.py": "import os\n"}
    assert house["circles"].circles_of(files(house, texts)) == []


def test_the_rules_are_counted_by_sentences(house: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]) -> None:
    assert house["main"].main(["rules"]) == 0
    said = capsys.readouterr().out
    stated = house["rules"].sentences(house["rules"].text_of_rules())
    assert f"of {len(stated)} sentences" in said
    assert "    MON-3.3: chassis/tests/test_money.py::test_ties_go_in_line_order" in said


DEVIATING: dict[str, dict[str, str]] = {
    "routes": {"payments/http/credit_routes.py": "router = APIRouter()\n"},
    "bodies": {"payments/http/credit.py": "class CreditOut(Answer): ...\n"},
    "handlers": {
        "payments/consumers/x.py": "async def handle(work: Work, messages: Sequence[Message]) -> None: ...\n",
    },
    "announcing": {"payments/announcements.py": "def paid(work: Work) -> None:\n    work.announce(1)\n"},
    "jobs": {"payments/jobs/sending.py": "async def send_due() -> None: ...\n"},
    "settings": {"payments/settings.py": "class Settings: ...\n"},
    "verbs": {"payments/use_cases/pay.py": 'X = text("""\n  SELECT 1""")\n'},
    "nouns": {
        "payments/persistence/clinics.py": "class Clinic: ...\n",
        "payments/use_cases/pay.py": "from payments.persistence.clinics import Clinic\n",
    },
    "same_handling": {
        "payments/app.py": 'X = {"a.v1": paid.handle}\n',
        "contracts/payments.py": '@event("a.v1", TOPIC)\nclass Paid: ...\n',
        "receipts/consumers/__init__.py": "X = {payments.Paid.event_type: payment_recorded.handle}\n",
    },
}


@pytest.mark.parametrize("role", DEVIATING)
def test_what_deviates_from_its_role_is_named(house: dict[str, ModuleType], role: str) -> None:
    found = list(house["anatomy"].ROLES[role](files(house, DEVIATING[role])))
    assert found[-1 if role == "settings" else 0], role
    assert any("payments" in one or one.startswith("a.v1") for one in found)


def test_what_no_service_has_is_missed_in_each(house: dict[str, ModuleType]) -> None:
    for role in ("problems", "subscriptions", "settings", "tables"):
        assert len(list(house["anatomy"].ROLES[role]([]))) == 4, role
