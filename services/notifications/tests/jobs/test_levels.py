"""What is overdue is said again by the clinic's levels, each once, as long as something of it is unpaid (NOT-9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from notifications.consumers.outcomes import on_outcomes
from notifications.domain.message import level_in, template_of
from notifications.domain.notice import Notice

pytestmark = pytest.mark.rule("NOT-9.1")

URL = "/v1/notification-settings"
AGAIN: list[dict[str, Any]] = [
    {"days": 14},
    {"days": 30, "texts": {"en": {"subject": "Last reminder: {number}", "body": "Please pay {amount}."}}},
]


async def configure(desk: Any, practice: Any, levels: list[dict[str, Any]], version: int = 0) -> Any:
    body = {"notices": {"invoice_overdue": {"levels": levels}}, "reason": "as agreed"}
    async with desk.harness.client("settings:write", practice.clinic_id) as owner:
        return await owner.put(URL, json=body, headers={"If-Match": f'"{version}"'})


async def overdue(desk: Any, practice: Any, levels: Any = AGAIN) -> Any:
    """A clinic with levels, and an invoice of it that is overdue today; the first reminder has gone out."""
    assert (await configure(desk, practice, levels)).status_code == 200
    invoice = practice.issued_invoice()
    await desk.tell(practice.configured(), practice.registered(("documents", "reminders")), invoice)
    desk.mail.taken.clear()
    event = await desk.harness.deliver(practice.overdue(invoice))
    await desk.send()
    await desk.harness.deliver(*event)
    return invoice


async def reminders(desk: Any, practice: Any) -> list[tuple[str, str | None]]:
    found = await desk.messages(practice, notice="invoice_overdue")
    return [(one["state"], one["cause"]) for one in reversed(found)]


async def test_each_level_goes_out_once_on_its_day(desk: Any, practice: Any) -> None:
    await overdue(desk, practice)
    assert [mail["Subject"] for mail in desk.mail.taken] == ["Reminder: invoice INV-2026-000007 from Smile Dental"]
    await desk.send(after=timedelta(days=13))
    assert len(desk.mail.taken) == 1
    await desk.send(after=timedelta(days=1))
    assert desk.mail.taken[1]["Subject"] == "Another reminder: invoice INV-2026-000007 from Smile Dental"
    await desk.send(after=timedelta(days=60))
    assert desk.mail.taken[2]["Subject"] == "Last reminder: INV-2026-000007"
    assert "Please pay $120.00." in desk.mail.taken[2].get_body(("plain",)).get_content()
    found = await desk.messages(practice, notice="invoice_overdue")
    assert [(one["template"], one["state"]) for one in reversed(found)] == [
        ("invoice_overdue.en", "sent"),
        ("invoice_overdue.en.level-2", "sent"),
        ("invoice_overdue.en.own.level-3", "sent"),
    ]


async def test_what_is_paid_meanwhile_is_said_no_more_and_a_part_lowers_what_is_asked(desk: Any, practice: Any) -> None:
    """NOT-4.1, NOT-4.2."""
    invoice = await overdue(desk, practice)
    part = practice.paid("20.00", settlements=(practice.settlement(invoice, new_id(), "20.00", "100.00"),))
    await desk.harness.deliver(part)
    await desk.send(after=timedelta(days=14))
    assert "$100.00 of invoice" in desk.mail.taken[1].get_body(("plain",)).get_content()
    rest = practice.paid("100.00", settlements=(practice.settlement(invoice, new_id(), "100.00", "0.00"),))
    await desk.harness.deliver(rest)
    await desk.send(after=timedelta(days=16))
    assert await reminders(desk, practice) == [("sent", None), ("sent", None), ("suppressed", "no_longer_true")]


async def test_a_level_that_the_clinic_took_away_is_not_said(desk: Any, practice: Any) -> None:
    await overdue(desk, practice)
    await configure(desk, practice, AGAIN[:1], version=1)
    await desk.send(after=timedelta(days=31))
    assert await reminders(desk, practice) == [("sent", None), ("sent", None), ("suppressed", "switched_off")]


@pytest.mark.parametrize(
    ("notices", "field"),
    [
        ({"invoice_overdue": {"levels": [{"days": 14}, {"days": 14}]}}, "notices.invoice_overdue.levels[1].days"),
        ({"invoice_overdue": {"offset_days": 7, "levels": [{"days": 7}]}}, "notices.invoice_overdue.levels[0].days"),
        ({"invoice_overdue": {"levels": [{"days": 0}]}}, "notices.invoice_overdue.levels[0].days"),
        ({"invoice_issued": {"levels": [{"days": 14}]}}, "notices.invoice_issued.levels"),
        (
            {"invoice_overdue": {"levels": [{"days": 9, "sms_texts": {"en": "{tooth}"}}]}},
            "notices.invoice_overdue.levels[0].sms_texts.en",
        ),
        ({"invoice_overdue": {"sms_texts": {"de": "{tooth}"}}}, "notices.invoice_overdue.sms_texts.de"),
    ],
)
async def test_levels_that_do_not_fit_are_refused_naming_the_field(
    desk: Any, practice: Any, notices: dict[str, Any], field: str
) -> None:
    async with desk.harness.client("settings:write", practice.clinic_id) as owner:
        body = {"notices": notices, "reason": "x"}
        answer = await owner.put(URL, json=body, headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.rule("NOT-1.7")
async def test_a_level_and_a_text_message_are_seen_before_anybody_gets_them(desk: Any, practice: Any) -> None:
    async def previewed(**body: Any) -> Any:
        async with desk.harness.client("settings:read", practice.clinic_id) as owner:
            return await owner.post("/v1/templates/preview", json={"notice": "invoice_overdue"} | body)

    mail = (await previewed(level=2, language="de")).json()
    assert (mail["subject"].startswith("Weitere Erinnerung"), mail["segments"]) == (True, None)
    third = (await previewed(level=3, text={"subject": "Last: {number}", "body": "Pay."})).json()
    assert third["subject"] == "Last: INV-000123"
    short = (await previewed(channel="sms", sms_text="{amount} are open, {name}.")).json()
    assert short["text"].startswith(
        "Example Dental: €123.45 are open, Alex Example. You have a credit of €20.00 with us."
    )
    assert short["segments"] == 2, "what goes to somebody who has credit is longer"
    assert (short["subject"], short["html"]) == ("", "")
    arabic = (await previewed(channel="sms", language="ar")).json()
    assert arabic["segments"] > 1
    assert (await previewed(level=2, sms_text="{tooth}")).json()["errors"][0]["field"] == "sms_text"
    refused = await previewed(notice="invoice_issued", level=2)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "level")


@pytest.mark.rule("NOT-3.1")
async def test_after_a_restore_a_level_is_known_from_the_first(desk: Any, practice: Any) -> None:
    """Its template says which it was; nothing else is announced of it."""
    named = template_of(Notice.INVOICE_OVERDUE, 2, "en", "own")
    assert (named, level_in(named), level_in("invoice_overdue.en")) == ("invoice_overdue.en.own.level-2", 2, None)
    await overdue(desk, practice)
    await desk.send(after=timedelta(days=14))
    announced = await desk.harness.announced(clinic_id=practice.clinic_id)
    told = [desk.harness._message(one) for one in announced if "notification" in one.type]
    async with desk.harness.resources.database.transaction([practice.clinic_id], "test") as work:
        await on_outcomes(work, told)
    assert [state for state, _ in await reminders(desk, practice)] == ["sent", "sent", "planned"]
