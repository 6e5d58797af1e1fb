"""A clinic's own templates and texts: tried before they count, versioned with documents, never in a document's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pypdf
import pytest
import pytest_asyncio
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from receipts_events import Practice

URL = "/v1/document-templates"
NOTHING = {"templates": {}, "texts": {}, "version": 0}
OWN = '{% extends "receipt.html" %}{% block end %}<p>Until next spring</p>{% endblock %}'
BREAKS = (
    '{% extends "receipt.html" %}{% block end %}{% if "SAMPLE" not in number %}{{ nothing }}{% endif %}{% endblock %}'
)


@pytest_asyncio.fixture(loop_scope="session")
async def client(harness: ServiceHarness, practice: Practice) -> AsyncIterator[httpx.AsyncClient]:
    scopes = "settings:read settings:write receipts:read operations"
    async with harness.client(scopes, practice.clinic_id, subject="owner:eve") as one:
        yield one


async def saved(client: httpx.AsyncClient, **own: Any) -> httpx.Response:
    """The answer, once they were tried."""

    async def answered() -> httpx.Response | None:
        etag = (await client.get(URL)).headers["ETag"]
        answer = await client.put(URL, json={"reason": "ours"} | own, headers={"If-Match": etag})
        return None if answer.status_code == 404 and "Retry-After" in answer.headers else answer

    return await eventually(answered, within_seconds=60)


async def receipt_of(harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, **params: Any) -> bytes:
    """The receipt of a payment that is recorded now."""
    recorded_at = harness.resources.clock.now() + timedelta(seconds=1)
    paid = practice.paid(None, 0, credit=5_000, recorded_at=recorded_at)
    await harness.deliver(paid)
    return await pdf_of(client, paid.transaction_id, **params)


async def pdf_of(client: httpx.AsyncClient, transaction_id: UUID, **params: Any) -> bytes:
    async def answered() -> bytes | None:
        answer = await client.get(f"/v1/transactions/{transaction_id}/receipt.pdf", params=params)
        return answer.content if answer.status_code == 200 else None

    return await eventually(answered, within_seconds=60)


def said(pdf: bytes) -> str:
    return " ".join(pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


@pytest.mark.rule("RCP-6.2")
@pytest.mark.usefixtures("worker")
async def test_documents_are_made_by_the_template_that_was_in_force_then(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """D4; and what is made stays as it is, whatever the clinic changes afterwards."""
    assert (await client.get(URL)).json() == NOTHING
    before = await receipt_of(harness, practice, client)
    texts = {"en": {"receipt_title": "Proof of payment"}}
    answer = await saved(client, templates={"receipt": OWN}, texts=texts)
    assert answer.json() == {"templates": {"receipt": OWN}, "texts": texts, "version": 1}
    own = said(await receipt_of(harness, practice, client))
    assert ("Until next spring" in said(before), "Until next spring" in own, "Proof of payment" in own) == (
        False,
        True,
        True,
    )
    (version,) = (await client.get(f"{URL}/versions")).json()["items"]
    assert (version["version"], version["reason"], version["changed_by"]) == (1, "ours", "owner:eve")
    assert (await saved(client)).json() == NOTHING | {"version": 2}
    assert "Until next spring" not in said(await receipt_of(harness, practice, client))


@pytest.mark.rule("RCP-6.2")
@pytest.mark.usefixtures("worker")
async def test_a_rendition_that_is_made_later_has_its_documents_template(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    await saved(client, templates={"receipt": OWN})
    recorded_at = harness.resources.clock.now() + timedelta(seconds=1)
    paid = practice.paid(None, 0, credit=5_000, recorded_at=recorded_at)
    await harness.deliver(paid)
    await saved(client)
    brief = await pdf_of(client, paid.transaction_id, variant="brief")
    assert "Until next spring" in said(brief)


@pytest.mark.rule("RCP-6.2")
@pytest.mark.usefixtures("worker")
async def test_a_template_that_cannot_make_its_sample_is_never_saved(client: httpx.AsyncClient) -> None:
    wrong = await saved(
        client,
        templates={"receipt": OWN, "invoice": '{% extends "invoice.html" %}{% block end %}\n{{ x }}{% endblock %}'},
    )
    assert (wrong.status_code, wrong.json()["type"].rpartition(":")[2]) == (422, "template-refused")
    assert [error["field"] for error in wrong.json()["errors"]] == ["templates.invoice"]
    assert "line 2" in wrong.json()["detail"]
    assert (await client.get(URL)).json() == NOTHING
    # What was only tried is no document of the clinic's: it waits for no operator, and the proof is of what was issued.
    assert (await client.get("/v1/set-aside-documents")).json()["items"] == []
    proof = (await client.get("/v1/prove")).json()
    assert (proof["proven"], proof["differences"]) == (True, [])


@pytest.mark.rule("RCP-6.2")
@pytest.mark.usefixtures("worker")
async def test_a_template_that_breaks_on_a_real_document_does_not_stop_it(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """The system's template makes it, and the clinic is told which it was, and why."""
    assert (await saved(client, templates={"receipt": BREAKS})).status_code == 200
    text = said(await receipt_of(harness, practice, client))
    assert "$50.00" in text
    (failure,) = (await client.get(f"{URL}/failures")).json()["items"]
    assert (failure["kind"], failure["rendition"], "UndefinedError of 'nothing'" in failure["reason"]) == (
        "receipt",
        "original",
        True,
    )


@pytest.mark.rule("RCP-6.2", "RCP-6.4")
@pytest.mark.usefixtures("worker")
async def test_the_roll_has_a_template_of_its_own(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """Seen before it counts, tried when it is saved, and for receipts on the roll only."""
    found = (await client.get(f"{URL}/system/roll")).json()
    assert (found["name"], found["frame"], "{% block totals %}" in found["template"]) == ("roll.html", "", True)
    own = OWN.replace("receipt.html", "roll.html")

    async def previewed() -> httpx.Response | None:
        answer = await client.post("/v1/document-previews", json={"kind": "roll", "template": own})
        return None if answer.status_code == 404 else answer

    shown = await eventually(previewed, within_seconds=60)
    assert "Until next spring" in said(shown.content)
    assert (await saved(client, templates={"roll": own})).status_code == 200
    sheet = await receipt_of(harness, practice, client)
    roll = await receipt_of(harness, practice, client, paper="roll")
    assert ("Until next spring" in said(sheet), "Until next spring" in said(roll)) == (False, True)


@pytest.mark.parametrize(
    ("own", "field"),
    [
        ({"templates": {"letter": "x"}}, "templates.letter"),
        ({"templates": {"receipt": ""}}, "templates.receipt"),
        ({"templates": {"receipt": "x" * 32_769}}, "templates.receipt"),
        ({"texts": {"en": {"thanks": "{number}"}}}, "texts.en.thanks"),
        ({"texts": {"xx": {"thanks": "x"}}}, "texts.xx.thanks"),
        ({"texts": {"en": {"nothing": "x"}}}, "texts.en.nothing"),
        ({"reason": " "}, "reason"),
    ],
)
async def test_what_cannot_be_said_is_refused_by_its_name(
    client: httpx.AsyncClient, own: dict[str, Any], field: str
) -> None:
    refused = await client.put(URL, json={"reason": "ours"} | own, headers={"If-Match": '"0"'})
    assert refused.status_code == 422
    assert [error["field"].startswith(field) for error in refused.json()["errors"]] == [True]
    assert (await client.get(URL)).json() == NOTHING


@pytest.mark.rule("RCP-6.4")
@pytest.mark.usefixtures("worker")
async def test_a_template_is_seen_before_it_counts(client: httpx.AsyncClient) -> None:
    """D4."""

    async def previewed(template: str) -> httpx.Response | None:
        answer = await client.post("/v1/document-previews", json={"kind": "receipt", "template": template})
        return None if answer.status_code == 404 else answer

    shown = await eventually(lambda: previewed(OWN), within_seconds=60)
    assert "Until next spring" in said(shown.content)
    refused = await eventually(lambda: previewed("{{"), within_seconds=60)
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["template"])
    assert (await client.get(URL)).json() == NOTHING


async def test_what_comes_with_the_system_is_there_to_begin_with(client: httpx.AsyncClient) -> None:
    found = (await client.get(f"{URL}/system/credit_note", params={"language": "de"})).json()
    assert (found["name"], "{% block body %}" in found["template"], "{% block foot %}" in found["frame"]) == (
        "note.html",
        True,
        True,
    )
    assert found["texts"]["number"] == "Nr."
