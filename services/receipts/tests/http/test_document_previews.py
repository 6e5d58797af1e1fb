"""What documents would look like with a letterhead and settings that nobody saved (RCP-6, RCP-8)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pypdf
import pytest
import pytest_asyncio
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from PIL import Image
from receipts_events import Practice

URL = "/v1/document-previews"


@pytest_asyncio.fixture(loop_scope="session")
async def client(harness: ServiceHarness, practice: Practice) -> AsyncIterator[httpx.AsyncClient]:
    async with harness.client("settings:read", practice.clinic_id, subject="owner:eve") as one:
        yield one


async def previewed(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    async def answered() -> httpx.Response | None:
        answer = await client.post(URL, json=body)
        return None if answer.status_code == 404 and "Retry-After" in answer.headers else answer

    return await eventually(answered, within_seconds=60)


def page_of(answer: httpx.Response) -> tuple[str, int]:
    """What the first page says, and how many pictures are on it."""
    assert answer.status_code == 200, answer.text
    page = pypdf.PdfReader(BytesIO(answer.content)).pages[0]
    return " ".join(page.extract_text().split()), len(page.images)


def logo(color: str) -> str:
    picture = BytesIO()
    Image.new("RGB", (90, 90), color).save(picture, "PNG")
    return b64encode(picture.getvalue()).decode()


@pytest.mark.rule("RCP-6.4")
@pytest.mark.usefixtures("worker")
async def test_a_document_is_shown_with_what_would_be_saved(client: httpx.AsyncClient) -> None:
    letterhead = {"name": "Dental House Nebula", "phone": None}
    text, _ = page_of(await previewed(client, kind="invoice", language="de", letterhead=letterhead))
    assert ("Dental House Nebula" in text, "+1 617" in text, "MUSTER" in text) == (True, False, True)


@pytest.mark.rule("RCP-6.4", "RCP-8.1")
@pytest.mark.usefixtures("worker")
async def test_a_logo_is_seen_before_it_counts(client: httpx.AsyncClient) -> None:
    """D4."""
    _, pictures = page_of(await previewed(client, kind="receipt", letterhead={"logo": logo("navy")}))
    assert pictures == 1
    _, afterwards = page_of(await previewed(client, kind="receipt", letterhead={"name": "As it is"}))
    assert afterwards == 0


@pytest.mark.rule("RCP-6.4")
@pytest.mark.usefixtures("worker")
async def test_settings_are_seen_before_they_count(client: httpx.AsyncClient) -> None:
    shown = {"paper": "Letter", "show_note": True, "show_procedures": False}
    answer = await previewed(client, kind="receipt", settings=shown)
    text, _ = page_of(answer)
    width = float(pypdf.PdfReader(BytesIO(answer.content)).pages[0].mediabox.width)
    assert (round(width / 72, 1), "Composite restoration" in text) == (8.5, False)
    assert (await client.get("/v1/document-settings")).json()["version"] == 0


@pytest.mark.rule("RCP-8.2")
@pytest.mark.parametrize(
    ("letterhead", "field"),
    [
        ({"logo": "bm90IGEgcGljdHVyZQ=="}, "letterhead.logo"),
        ({"logo": "%"}, "letterhead.logo"),
        (
            {"logo_svg": "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"},
            "letterhead.logo_svg",
        ),
        (
            {"logo_svg": "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1/'/></svg>"},
            "letterhead.logo_svg",
        ),
        ({"address": {"lines": [], "city": "Bonn", "country": "Germany"}}, "letterhead.address.country"),
        ({"name": "x" * 201}, "letterhead.name"),
        ({"email": "jane@gmail"}, "letterhead.email"),
    ],
)
async def test_what_could_not_be_saved_is_not_shown(
    client: httpx.AsyncClient, letterhead: dict[str, Any], field: str
) -> None:
    refused = await client.post(URL, json={"kind": "receipt", "letterhead": letterhead})
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, [field])


async def test_who_may_not_read_settings_sees_no_preview(harness: ServiceHarness, practice: Practice) -> None:
    async with harness.client("receipts:read", practice.clinic_id) as reader:
        assert (await reader.post(URL, json={"kind": "receipt"})).status_code == 403


async def test_a_clinic_without_settings_has_nothing_to_show(harness: ServiceHarness) -> None:
    async with harness.client("settings:read") as nobody:
        assert (await nobody.post(URL, json={"kind": "receipt"})).json()["type"].endswith("clinic-not-configured")
