"""Webhooks, and how documents would look: what is asked of notifications and receipts, and what is shown once."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from frontdesk.labels import LABELS
from frontdesk.pages.settings_webhooks import EVENTS
from notifications.channels.email.texts import LANGUAGES as MESSAGES
from notifications.domain.message import Cause, State
from notifications.domain.notice import Notice
from notifications.domain.webhook import EVENT_TYPES, AlertState, DeliveryState, DisabledBecause
from told_pages import ENDPOINT, NOTICES, PATIENT, WHOLE
from told_services import Office

WHERE = "/settings/webhooks"
SECRET = "whsec_c2VjcmV0"
MADE = ENDPOINT | {"secret": SECRET, "previous_secret_until": None}


@pytest.fixture
def told(desk: Office) -> Office:
    desk.sign_in()
    desk.answers |= WHOLE
    return desk


def asked_of(desk: Office) -> tuple[str, Any]:
    (one,) = desk.changes()
    return f"{one.method} {one.url.path}", json.loads(one.content)


async def test_a_webhook_is_registered_and_its_secret_shown_once(told: Office) -> None:
    """NOT-7."""
    told.answers["POST notifications /v1/webhook-endpoints"] = httpx.Response(201, json=MADE)
    typed = {"url": "https://partner.example/hooks", "events": "billing.payment.recorded.v1", "reason": "the books"}
    page = await told.send(WHERE, key="one", description="", **typed)
    assert SECRET in page.text
    assert asked_of(told) == (
        "POST /v1/webhook-endpoints",
        {
            "url": typed["url"],
            "event_types": ["billing.payment.recorded.v1"],
            "description": None,
            "reason": "the books",
        },
    )
    assert SECRET not in (await told.get(f"{WHERE}/{PATIENT}")).text


async def test_a_webhook_is_changed_on_the_version_that_was_seen_and_given_another_secret(told: Office) -> None:
    told.answers["PUT notifications /v1/webhook-endpoints/ID"] = ENDPOINT
    typed = {"url": "https://partner.example/new", "events": "billing.invoice.issued.v1", "reason": "moved"}
    answer = await told.send(f"{WHERE}/{PATIENT}", key="one", version='"2"', **typed)
    assert (answer.status_code, told.changes()[0].headers["if-match"]) == (303, '"2"')
    assert asked_of(told)[1]["enabled"] is False
    told.asked.clear()
    told.answers["POST notifications /v1/webhook-endpoints/ID/secret"] = MADE
    assert SECRET in (await told.send(f"{WHERE}/{PATIENT}/secret", key="two", reason="it leaked")).text


async def test_one_that_is_disabled_says_why(told: Office) -> None:
    told.answers["GET notifications /v1/webhook-endpoints"] = {
        "items": [ENDPOINT | {"enabled": False, "disabled_because": one.value} for one in DisabledBecause],
        "next": None,
    }
    page = (await told.get(WHERE)).text
    for said in ("Switched off", "Failed for five days", "Wants no more"):
        assert said in page


async def test_one_that_was_disabled_says_whether_the_clinic_was_mailed(told: Office) -> None:
    """NOT-7.7; a release before does not say it."""
    gone = ENDPOINT | {"enabled": False, "disabled_because": "gone"}
    for mailed, said in ((AlertState.SENT, True), (AlertState.NO_ADDRESS, True), (AlertState.NEEDLESS, False)):
        told.answers["GET notifications /v1/webhook-endpoints/ID"] = gone | {"mailed": mailed.value}
        assert (LABELS[f"mailed.{mailed.value}"] in (await told.get(f"{WHERE}/{PATIENT}")).text) is said
    told.answers["GET notifications /v1/webhook-endpoints/ID"] = {
        name: value for name, value in gone.items() if name != "mailed"
    }
    assert (await told.get(f"{WHERE}/{PATIENT}")).status_code == 200


def test_what_notifications_knows_has_a_word_and_a_box() -> None:
    """NOT-1, NOT-6, NOT-7."""
    assert set(EVENTS) == set(EVENT_TYPES)
    codes = [one.value for kind in (Notice, State, Cause, DeliveryState) for one in kind]
    codes += [f"webhook.{one.value}" for one in DisabledBecause] + [f"mailed.{one.value}" for one in AlertState]
    assert [code for code in codes if code not in LABELS] == []


async def test_a_sample_shows_what_is_typed_and_saves_nothing(told: Office) -> None:
    """RCP-6, RCP-8: the logo too."""
    told.answers["POST receipts /v1/document-previews"] = httpx.Response(200, content=b"%PDF-1.7")
    fields = {"form_token": "of this session", "name": "Hill Dental", "sample": "invoice", "language": "de"}
    answer = await told.browser.post(
        "/settings/clinic/preview", data=fields, files={"logo": ("logo.png", b"a picture", "image/png")}
    )
    assert (answer.headers["content-type"], answer.content) == ("application/pdf", b"%PDF-1.7")
    (asked,) = [one for one in told.asked if one.url.path == "/v1/document-previews"]
    body = json.loads(asked.content)
    assert (body["kind"], body["language"], body["letterhead"]["name"]) == ("invoice", "de", "Hill Dental")
    assert body["letterhead"]["logo"] == "YSBwaWN0dXJl"
    assert told.changes() == []


async def test_a_notice_goes_out_by_text_message_too_and_has_words_in_every_language_of_messages(told: Office) -> None:
    """NOT-1."""
    told.answers["PUT notifications /v1/notification-settings"] = {}
    page = (await told.get("/settings/notifications")).text
    assert [code for code in MESSAGES if f'/settings/notifications/invoice_overdue/{code}"' not in page] == []
    fields = {"invoice_overdue.enabled": "yes", "invoice_overdue.channels": "email,sms", "reason": "they asked"}
    await told.send("/settings/notifications", key="one", **fields)
    assert asked_of(told)[1]["notices"]["invoice_overdue"]["channels"] == ["email", "sms"]


async def test_what_is_overdue_is_said_again_on_days_that_keep_their_words(told: Office) -> None:
    """NOT-9: a level that is emptied is gone, one that is added has the system's words."""
    told.answers["PUT notifications /v1/notification-settings"] = {}
    levels = NOTICES["notices"]["invoice_overdue"]["levels"]
    name = "notices.invoice_overdue.levels"
    for typed, kept in (
        (["21", "30", "", ""], [levels[0] | {"days": 21}, {"days": 30, "texts": {}, "sms_texts": {}}]),
        (["", "", "", ""], []),
        ([], levels),
    ):
        told.asked.clear()
        await told.send("/settings/notifications", key="one", reason="they asked", **{name: typed})
        assert asked_of(told)[1]["notices"]["invoice_overdue"]["levels"] == kept
    assert 'value="14"' in (await told.get("/settings/notifications")).text


@pytest.mark.parametrize(
    ("typed", "mail", "sms"),
    [
        ({"subject": "S", "body": "B"}, {"en": {"subject": "S", "body": "B"}}, {}),
        ({"subject": "", "body": "", "sms_texts.en": "Pay"}, {}, {"en": "Pay"}),
        ({"subject": "S", "body": "", "do": "reset"}, {}, {}),
    ],
)
async def test_a_notice_has_words_of_its_own_for_text_messages(
    told: Office, typed: dict[str, str], mail: Any, sms: dict[str, str]
) -> None:
    """NOT-1.7: each where it is written, the system's where it is not; other languages stay."""
    where = "/settings/notifications/invoice_overdue/en"
    told.answers["PUT notifications /v1/notification-settings"] = {}
    await told.send(where, key="one", reason="ours", **typed)
    notice = asked_of(told)[1]["notices"]["invoice_overdue"]
    assert (notice["texts"], notice["sms_texts"]) == (mail, sms | {"de": "Bitte zahlen"})
    told.asked.clear()
    await told.send(f"{where}/preview", **typed)
    asked = [json.loads(one.content) for one in told.asked if one.url.path == "/v1/templates/preview"]
    assert [one.get("channel", "email") for one in asked] == ["email", "sms"][: 1 + ("sms_texts.en" in typed)]


async def test_a_later_reminder_has_words_of_its_own(told: Office) -> None:
    """NOT-9: those of its level, tried as that level, while the first and other languages keep theirs."""
    first = "/settings/notifications/invoice_overdue/en"
    where, words = f"{first}/levels/2", {"subject": "Last", "body": "Now"}
    told.answers["PUT notifications /v1/notification-settings"] = {}
    assert where in (await told.get(first)).text
    assert 'value="Again"' in (await told.get(where)).text
    told.asked.clear()
    answer = await told.send(where, key="one", reason="ours", **words)
    notice, before = asked_of(told)[1]["notices"]["invoice_overdue"], NOTICES["notices"]["invoice_overdue"]
    assert answer.status_code == 303
    assert notice == before | {"levels": [before["levels"][0] | {"texts": {"en": words}}]}
    told.asked.clear()
    await told.send(f"{where}/preview", **words)
    (asked,) = [json.loads(one.content) for one in told.asked if one.url.path == "/v1/templates/preview"]
    assert asked == {"notice": "invoice_overdue", "language": "en", "level": 2, "text": words}


async def test_there_is_no_text_of_what_nobody_is_told(told: Office) -> None:
    there_are_none = ("invoice_overdue/en/levels/3", "invoice_overdue/en/levels/1", "invoice_overdue/xx/levels/2")
    for where in ("tea_is_ready/en", "invoice_overdue/xx", *there_are_none):
        assert (await told.get(f"/settings/notifications/{where}")).status_code == 404
