"""What services refuse is said in the page's language: each sentence and kind of theirs has its words (ALL-2).

A sentence with values is a `Sentence`, whose form the front desk knows; all others are their own form.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.http.sentences import SENTENCES
from frontdesk.labels import PROBLEMS
from frontdesk.words import say, table
from told_pages import PATIENT, WHOLE
from told_services import Office, usd

pytestmark = pytest.mark.rule("ALL-2.4")
HOUSE = Path(__file__).parents[2]
SERVICES = ("invoicing", "payments", "receipts", "notifications")
PLACES = {"Invalid": 1, "FieldError": 1, "pattern": 1, "Sentence": 0, "Unusable": 0, "NotDrawn": 0, "_each_once": 1}
"""At which place of a call stands what is wrong."""
PLACES |= {"UnknownCurrency": 0, "InvalidAmount": 0, "TooManyDecimals": 0, "PatternUnusable": 0}
SAYING = {"refusal_of", "_why", "unkept"}
"""Functions that return what is wrong."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for root in (HOUSE / "chassis/src", *(HOUSE / f"services/{name}/src" for name in SERVICES)):
        for path in sorted(root.rglob("*.py")):
            yield str(path.relative_to(root)), ast.parse(path.read_text(encoding="utf-8"))


def said_in(name: str, tree: ast.Module) -> Iterator[ast.expr]:
    """Expressions that are what is wrong with a field, as they stand in the source; a validator raises ValueError."""
    validates = name.endswith("_requests.py") or name == "chassis/http/time.py"
    places = PLACES | ({"ValueError": 0} if validates else {})
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            place = places.get(ast.unparse(node.func).rpartition(".")[2])
            if place is not None and len(node.args) > place:
                yield node.args[place]
            if ast.unparse(node.func) == "FieldRefused":
                yield from (one.value for one in node.keywords if one.arg == "detail")
        elif isinstance(node, ast.FunctionDef) and node.name in SAYING:
            yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None)


def texts(said: ast.expr) -> Iterator[str]:
    if isinstance(said, ast.IfExp):
        yield from (*texts(said.body), *texts(said.orelse))
    elif isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value


def test_whatever_is_wrong_with_a_field_has_words_in_every_language() -> None:
    said = {text: name for name, tree in sources() for one in said_in(name, tree) for text in texts(one)}
    said |= dict.fromkeys(SENTENCES.values(), "chassis/http/sentences.py")
    assert len(said) > 150
    assert {text: name for text, name in said.items() if text not in table()} == {}


def test_what_has_values_in_it_is_a_sentence() -> None:
    """Written into a text, they would leave nothing that it could be known by in another language."""
    found = [
        f"{name}:{one.lineno}"
        for name, tree in sources()
        for one in said_in(name, tree)
        if isinstance(one, ast.JoinedStr)
    ]
    assert found == []


@pytest.mark.parametrize("service", SERVICES)
def test_each_kind_of_refusal_has_words_in_every_language(service: str) -> None:
    table_of = importlib.import_module(f"{service}.app").service.problems
    lacking = {
        one.slug: one.title for one in table_of.values() if one.slug not in PROBLEMS and one.title not in table()
    }
    assert lacking == {}


PAYING = f"/patients/{PATIENT}/payments/new"
TYPED = {"amount": "5", "method": "cash", "key": "one"}


def wrong(slug: str, title: str = "", **error: Any) -> httpx.Response:
    problem = {"type": f"urn:problem:dental-billing:{slug}", "title": title, "status": 422, "detail": "in English"}
    return httpx.Response(422, json=problem | {"errors": [{"field": "amount.amount", "detail": "in English"} | error]})


@pytest.mark.parametrize("language", ["de", "es", "fr", "ar"])
async def test_a_field_is_told_what_is_wrong_with_it_in_the_pages_language(desk: Office, language: str) -> None:
    """With the values of the sentence, money and days as they are written there."""
    desk.sign_in(language=language)
    desk.answers |= WHOLE
    form, days = "the due date {due} is before the issue date {on}", {"due": "2026-11-30", "on": "2026-12-24"}
    other, typing = "Credit is transferred to another patient", "invalid-request"
    kinds = [
        (wrong(typing, sentence="is above {le}", values={"le": "7"}), say(language, "is above {le}", le=7)),
        (wrong(typing, sentence=form, values=days), say(language, form, due="|", on="|").partition("|")[0]),
        (wrong(typing, detail="is blank"), say(language, "is blank")),
        (
            wrong(typing, sentence="is not {expected}", values={"expected": "'a', 'b or b' or 'c'"}),
            f"'a', 'b or b' {say(language, 'or')} 'c'",
        ),
        (
            wrong(typing, sentence="is below {ge}", values={"ge": "0.05"}),
            say(language, "is below {ge}", ge="0.05" if language == "ar" else "0,05"),
        ),
        (wrong(typing, detail="is of another release"), "is of another release"),
        (wrong("credit-insufficient"), say(language, PROBLEMS["credit-insufficient"])),
        (wrong("same-patient", other), say(language, other)),
    ]
    for answer, told in kinds:
        desk.answers["POST payments /v1/payments"] = answer
        page = (await desk.send(PAYING, **TYPED)).text
        beside = page.partition('id="wrong-amount">')[2].partition("</span>")[0]
        assert told.replace("'", "&#39;") in beside
        assert "in English" not in page
    price = {"sentence": "a price is in {currency}", "values": {"currency": usd("5.00")}}
    desk.answers["POST payments /v1/payments"] = wrong(typing, **price)
    assert "$" in (await desk.send(PAYING, **TYPED)).text.partition('id="wrong-amount">')[2].partition("</span>")[0]
