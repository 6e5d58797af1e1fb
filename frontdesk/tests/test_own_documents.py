"""A clinic's own templates and texts at the desk: seen before they count, on the version seen, taken back (RCP-6)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from frontdesk.pages.settings_templates import BEGINS, _parts
from frontdesk.samples import KINDS
from frontdesk.words import WRITTEN_IN
from receipts.documents.catalogs import LANGUAGES, words
from receipts.documents.render.kinds import TEMPLATES
from told_pages import DOCUMENTS, OWN, OWN_TEMPLATE, WHOLE
from told_services import Office

WHERE = "/settings/documents"
TEMPLATE, TEXTS = f"{WHERE}/templates/receipt", f"{WHERE}/texts/en"
OTHER = '{% extends "receipt.html" %}\r\n{% block end %}<p>Until autumn</p>{% endblock %}'
SAVING = "PUT receipts /v1/document-templates"
TRIED = {"type": "urn:problem:dental-billing:document-not-ready", "title": "It is being tried", "status": 404}


@pytest.fixture
def told(desk: Office) -> Office:
    desk.sign_in()
    desk.answers |= WHOLE | {SAVING: OWN, "POST receipts /v1/document-previews": httpx.Response(200, content=b"%PDF")}
    return desk


def saved(desk: Office) -> tuple[httpx.Request, Any]:
    (one,) = desk.changes()
    return one, json.loads(one.content)


def sample(desk: Office) -> Any:
    (one,) = [each for each in desk.asked if each.url.path == "/v1/document-previews"]
    return json.loads(one.content)


def test_every_kind_and_language_of_documents_is_there() -> None:
    assert set(KINDS) == set(TEMPLATES)
    assert set(WRITTEN_IN) == set(LANGUAGES)


async def test_what_is_the_clinics_own_is_told_from_the_systems(told: Office) -> None:
    page = (await told.get(WHERE)).text
    assert [kind for kind in KINDS if f'href="{WHERE}/templates/{kind}"' not in page] == []
    assert [code for code in WRITTEN_IN if f'href="{WHERE}/texts/{code}"' not in page] == []
    assert page.count("The clinic&#39;s own</span>") == 1
    assert page.count("1 of the clinic&#39;s own") == 2
    assert "UndefinedError of &#39;nothing&#39;" in page, "what it failed on"


async def test_a_template_is_seen_as_it_is_typed_before_it_counts(told: Office) -> None:
    """RCP-6: with the clinic's own texts; nothing is saved."""
    answer = await told.send(f"{TEMPLATE}/preview", key="one", template=OTHER, language="de")
    assert (answer.headers["content-type"], answer.content) == ("application/pdf", b"%PDF")
    asked = sample(told)
    assert (asked["kind"], asked["language"], asked["texts"]) == ("receipt", "de", OWN["texts"])
    assert asked["template"] == OTHER.replace("\r\n", "\n")
    assert told.changes() == []


async def test_a_template_is_saved_on_the_version_that_was_seen_and_the_rest_stays(told: Office) -> None:
    """RCP-6, ALL-3."""
    typed = {"key": "one", "version": '"3"', "template": OTHER, "reason": "a new season"}
    answer = await told.send(f"{WHERE}/templates/invoice", **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, WHERE)
    request, body = saved(told)
    assert (request.headers["if-match"], request.headers["idempotency-key"]) == ('"3"', "one")
    assert body == {
        "templates": {"receipt": OWN_TEMPLATE, "invoice": OTHER.replace("\r\n", "\n")},
        "texts": OWN["texts"],
        "reason": "a new season",
    }


async def test_a_template_is_taken_back_to_the_systems(told: Office) -> None:
    await told.send(TEMPLATE, key="one", version='"3"', template=OWN_TEMPLATE, reason="as it was", do="reset")
    assert saved(told)[1] == {"templates": {}, "texts": OWN["texts"], "reason": "as it was"}


async def test_a_template_that_cannot_be_used_says_why_at_its_field(told: Office) -> None:
    why = "the template cannot be used: line 2: UndefinedError of 'x'"
    problem = {
        "type": "urn:problem:dental-billing:template-refused",
        "title": "The template cannot be used",
        "detail": why,
        "errors": [{"field": "templates.receipt", "detail": why}],
    }
    told.answers[SAVING] = httpx.Response(422, json=problem)
    page = await told.send(TEMPLATE, key="one", version='"3"', template=OTHER, reason="ours")
    assert page.status_code == 409
    assert 'id="wrong-template">the template cannot be used: line 2' in page.text
    assert "Until autumn" in page.text


async def test_saving_waits_for_the_sample_that_it_is_tried_by(told: Office) -> None:
    """Asked again with the same body under the same key; then by whoever saves."""
    answers = [httpx.Response(404, json=TRIED), httpx.Response(200, json=OWN)]
    found = told.answer

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            told.answers[SAVING] = answers.pop(0) if len(answers) > 1 else answers[0]
        return found(request)

    told.answer = answer  # type: ignore[method-assign]
    typed = {"version": '"3"', "template": OTHER, "reason": "ours"}
    assert (await told.send(TEMPLATE, key="one", **typed)).status_code == 303
    assert {(one.headers["idempotency-key"], one.content) for one in told.changes()} == {
        ("one", told.changes()[0].content)
    }
    answers[:] = [httpx.Response(404, json=TRIED)]
    page = await told.send(TEMPLATE, key="two", **typed)
    assert (page.status_code, "It is being tried." in page.text, "Until autumn" in page.text) == (409, True, True)


async def test_texts_are_seen_and_saved_and_an_empty_one_is_the_systems(told: Office) -> None:
    """RCP-6: of one language; those of others stay."""
    typed = {"texts.en.thanks": "", "texts.en.receipt_heading": "Proof\r\n{number}", "texts.xx.thanks": "no"}
    await told.send(f"{TEXTS}/preview", key="one", sample="receipt", **typed)
    asked = sample(told)
    assert (asked["template"], asked["language"]) == (OWN_TEMPLATE, "en")
    wanted = {"en": {"receipt_heading": "Proof {number}"}, "de": OWN["texts"]["de"]}
    assert asked["texts"] == wanted
    assert told.changes() == []
    await told.send(TEXTS, key="two", version='"3"', reason="shorter", **typed)
    assert saved(told)[1] == {"templates": OWN["templates"], "texts": wanted, "reason": "shorter"}
    told.asked.clear()
    await told.send(TEXTS, key="three", version='"3"', reason="none", **dict.fromkeys(typed, ""))
    assert saved(told)[1]["texts"] == {"de": OWN["texts"]["de"]}


async def test_how_to_pay_is_saved_and_the_paper_stays(told: Office) -> None:
    """RCP-11."""
    told.answers["GET receipts /v1/document-settings"] = DOCUMENTS | {"paper": "Letter"}
    told.answers["PUT receipts /v1/document-settings"] = DOCUMENTS
    typed = {"account_holder": "Harbor Dental", "iban": "DE89 3704 0044 0532 0130 00", "payment_link": ""}
    await told.send(WHERE, key="one", version='"1"', reason="a new bank", **typed)
    body = saved(told)[1]
    assert (body["iban"], body["payment_link"], body["paper"], body["show_procedures"]) == (
        "DE89 3704 0044 0532 0130 00",
        None,
        "Letter",
        False,
    )
    assert "version" not in body


@pytest.mark.parametrize("language", WRITTEN_IN)
def test_the_texts_of_documents_of_a_kind_stand_together(language: str) -> None:
    """In every language what receipts lists is divided alike; one's own are open, the others a click away."""
    parts, of_english = (_parts(dict(words(code))) for code in (language, "en"))
    assert {name: set(texts) for name, texts in parts.items()} == {name: set(one) for name, one in of_english.items()}
    assert set(parts) == set(BEGINS.values())
    known = {"due_date": "Invoices", "sum_paid": "Statements", "thanks": "Receipts and refunds", "iban": "How to pay"}
    assert {name: part for part, texts in parts.items() for name in texts if name in known} == known


async def test_texts_that_are_the_clinics_own_are_open(told: Office) -> None:
    page = (await told.get(TEXTS)).text
    assert page.count('<details class="morefields" open>') == 1


@pytest.mark.parametrize("where", [f"{WHERE}/templates/letter", f"{WHERE}/texts/xx"])
async def test_there_is_no_page_of_what_no_document_is(told: Office, where: str) -> None:
    assert (await told.get(where)).status_code == 404
    assert (await told.send(where, key="one", reason="ours", template="x")).status_code == 404
    assert told.changes() == []
