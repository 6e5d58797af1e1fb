"""A clinic's settings over HTTP (NOT-1, ALL-2, ALL-3), and how messages will read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from notifications.domain.notice import Notice
from notifications.domain.settings import NoticeSettings, OwnText, ReminderLevel, Sender, Settings
from notifications.http.settings_responses import SettingsOut

URL = "/v1/notification-settings"


@pytest_asyncio.fixture(loop_scope="session")
async def clerk(desk: Any, practice: Any) -> AsyncIterator[Any]:
    async with desk.harness.client("settings:read settings:write", practice.clinic_id) as client:
        yield client


@pytest.mark.rule("NOT-1.1", "NOT-1.2")
async def test_defaults_tell_everything_but_a_cancelled_refund_by_email(clerk: Any) -> None:
    answer = await clerk.get(URL)
    assert answer.headers["ETag"] == '"0"'
    notices = answer.json()["notices"]
    assert [name for name, one in notices.items() if not one["enabled"]] == [
        "refund_cancelled",
        "invoice_credited",
        "invoice_debited",
    ]
    assert {tuple(notice["channels"]) for notice in notices.values()} == {("email",)}


async def test_settings_are_replaced_by_the_version_they_were_read_at(clerk: Any) -> None:
    body = {
        "reason": "as agreed",
        "sender": {"name": "Front desk", "address": "desk@smile.example"},
        "quiet_hours": {"start": "21:00", "end": "08:00"},
        "notices": {"payment_recorded": {"texts": {"de": {"subject": "Danke, {name}", "body": "Bis bald."}}}},
    }
    answer = await clerk.put(URL, json=body, headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    again = (await clerk.get(URL)).json()
    assert again == answer.json()
    assert again["quiet_hours"] == {"start": "21:00:00", "end": "08:00:00"}
    stale = await clerk.put(URL, json=body, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    assert (await clerk.put(URL, json=body)).status_code == 428


@pytest.mark.rule("NOT-8.8")
def test_a_sender_from_before_such_addresses_were_refused_is_shown_to_be_mended() -> None:
    sender = SettingsOut.of(Settings(sender=Sender(address="desk@smile", reply_to="root@localhost"))).sender
    assert (sender.address, sender.reply_to) == ("desk@smile", "root@localhost")


def test_words_from_before_what_nobody_sees_was_refused_are_shown_to_be_mended() -> None:
    again = ReminderLevel(days=30, texts={"de": OwnText("Mahnung", "\u3164")}, sms_texts={"de": "\u200b"})
    overdue = NoticeSettings(texts={"de": OwnText("\u200b", "Bitte zahlen.")}, levels=(again,))
    shown = SettingsOut.of(Settings(notices={Notice.INVOICE_OVERDUE: overdue})).model_dump(mode="json")
    assert shown["notices"]["invoice_overdue"]["levels"] == [
        {"days": 30, "texts": {"de": {"subject": "Mahnung", "body": "\u3164"}}, "sms_texts": {"de": "\u200b"}}
    ]


@pytest.mark.rule("NOT-8.8")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"documents": "linked"}, "document_link"),
        ({"document_link": "javascript:alert(1)//{id}"}, "document_link"),
        ({"notices": {"payment_recorded": {"channels": ["webhook"]}}}, "notices.payment_recorded.channels[0]"),
        ({"notices": {"payment_recorded": {"channels": ["sms"]}}}, "notices.payment_recorded.channels"),
        ({"notices": {"payment_recorded": {"channels": ["email", "email"]}}}, "notices.payment_recorded.channels"),
        ({"notices": {"payment_recorded": {"channels": []}}}, "notices.payment_recorded.channels"),
        ({"sender": {"name": "a\r\nBcc: b"}}, "sender.name"),
        ({"sender": {"address": "no address"}}, "sender.address"),
        ({"sender": {"address": "desk@-smile.example"}}, "sender.address"),
        ({"sender": {"address": "desk@smile"}}, "sender.address"),
        ({"sender": {"reply_to": "desk@smile..example"}}, "sender.reply_to"),
        ({"quiet_hours": {"start": "25:00", "end": "08:00"}}, "quiet_hours.start"),
        (
            {"notices": {"invoice_issued": {"texts": {"en": {"subject": "x", "body": "{tooth}"}}}}},
            "notices.invoice_issued.texts.en.body",
        ),
        ({"unknown": 1}, "unknown"),
        ({"reason": None}, "reason"),
        ({"reason": " "}, "reason"),
    ],
)
async def test_what_cannot_be_is_refused_and_the_field_named(clerk: Any, body: dict[str, Any], field: str) -> None:
    answer = await clerk.put(URL, json={"reason": "x"} | body, headers={"If-Match": '"0"'})
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert (await clerk.get(URL)).headers["ETag"] == '"0"'


async def test_settings_are_not_changed_without_a_reason(clerk: Any) -> None:
    """ALL-5."""
    refused = await clerk.put(URL, json={"sender": {"name": "Mine"}}, headers={"If-Match": '"0"'})
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["reason"])


async def test_every_version_stays_with_who_when_and_why(desk: Any, clerk: Any) -> None:
    """ALL-3, ALL-5."""
    for version, reason in enumerate(("as agreed", "woken at night", "nobody calls now")):
        body = {"sender": {"name": f"Desk {version}"}, "reason": reason}
        answer = await clerk.put(URL, json=body, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == 200, answer.text
    page = (await clerk.get(f"{URL}/versions", params={"limit": "2"})).json()
    rest = (await clerk.get(f"{URL}/versions", params={"limit": "2", "cursor": page["next"]})).json()
    told = [*page["items"], *rest["items"]]
    assert [(one["version"], one["reason"]) for one in told] == [
        (3, "nobody calls now"),
        (2, "woken at night"),
        (1, "as agreed"),
    ]
    assert (rest["next"], all(one["changed_by"] and one["changed_at"] for one in told)) == (None, True)
    second = (await clerk.get(f"{URL}/versions/2")).json()
    assert (second["sender"]["name"], second["version"]) == ("Desk 1", 2)
    assert (await clerk.get(f"{URL}/versions/4")).status_code == 404
    async with desk.harness.client("settings:read") as stranger:
        assert (await stranger.get(f"{URL}/versions")).json()["items"] == []
        assert (await stranger.get(f"{URL}/versions/2")).status_code == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"notices": {"payment_recorded": {"channels": ["webhook"]}}}, "is not 'email' or 'sms'"),
        ({"notices": {"invoice_overdue": {"channels": ["sms"]}}}, "There is no provider of sms here."),
        ({"sender": {"address": "no address"}}, "is not an email address such as desk@example.org"),
        ({"document_link": "http://x"}, "is not an https address such as https://portal.example/{id}"),
        ({"sender": {"name": "a\r\nBcc: b"}}, "is not one line of text"),
    ],
)
async def test_what_is_wrong_is_said_once_and_in_words(clerk: Any, body: dict[str, Any], said: str) -> None:
    answer = await clerk.put(URL, json={"reason": "x"} | body, headers={"If-Match": '"0"'})
    assert [error["detail"] for error in answer.json()["errors"]] == [said]


async def test_settings_are_apart_from_the_log_and_from_sending_again(desk: Any, practice: Any) -> None:
    """ALL-5: who may send a message again changes no settings, and who reads settings writes none."""
    for scopes, read in (("notifications:read notifications:write", 403), ("settings:read", 200)):
        async with desk.harness.client(scopes, practice.clinic_id) as person:
            assert (await person.get(URL)).status_code == read
            assert (await person.put(URL, json={}, headers={"If-Match": '"0"'})).status_code == 403
    async with desk.harness.client("notifications:read notifications:write", practice.clinic_id) as person:
        body = {"notice": "payment_recorded", "language": "en"}
        assert (await person.post("/v1/templates/preview", json=body)).status_code == 403


async def test_another_clinic_has_settings_of_its_own(desk: Any, clerk: Any) -> None:
    await clerk.put(URL, json={"sender": {"name": "Mine"}, "reason": "x"}, headers={"If-Match": '"0"'})
    async with desk.harness.client("settings:read") as stranger:
        assert (await stranger.get(URL)).json()["sender"]["name"] is None


@pytest.mark.rule("NOT-1.3")
async def test_own_sender_and_words_are_what_goes_out(desk: Any, practice: Any, clerk: Any) -> None:
    words = {"subject": "Thanks, {name}", "body": "We got {amount}."}
    body = {
        "reason": "as agreed",
        "sender": {"name": "Front desk", "address": "desk@smile.example", "reply_to": "ann@smile.example"},
        "notices": {"payment_recorded": {"texts": {"en": words}}},
    }
    await clerk.put(URL, json=body, headers={"If-Match": '"0"'})
    payment = practice.paid()
    await desk.tell(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    (mail,) = desk.mail.taken
    assert mail["From"] == "Front desk <desk@smile.example>"
    assert mail["Reply-To"] == "Front desk <ann@smile.example>"
    assert mail["Subject"] == "Thanks, Zoë Miller"
    assert "We got $86.28." in mail.get_body(("plain",)).get_content()
    assert desk.mail.envelopes[0][0] == "billing@dental.example"
    (message,) = await desk.messages(practice)
    assert (message["template"], message["template_version"]) == ("payment_recorded.en.own", 1)


async def test_a_template_can_be_seen_before_anybody_gets_it(clerk: Any) -> None:
    body = {"notice": "payment_recorded", "language": "fr", "text": {"subject": "Merci {name}", "body": "{amount}"}}
    answer = await clerk.post("/v1/templates/preview", json=body)
    assert answer.status_code == 200
    assert answer.json()["subject"] == "Merci Alex Example"
    assert "123,45\xa0€" in answer.json()["text"]
    assert '<html lang="fr"' in answer.json()["html"]
    wrong = body | {"text": {"subject": "x", "body": "{tooth}"}}
    refused = await clerk.post("/v1/templates/preview", json=wrong)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "text.body")
