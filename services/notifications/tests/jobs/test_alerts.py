"""A clinic is mailed that an endpoint of its was disabled without its asking: once, and to nobody else (NOT-7.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from notifications import announcements
from notifications.channels.email.alerts import letter_of_alert
from notifications.channels.email.layout import as_html, as_text
from notifications.channels.email.texts import LANGUAGES
from notifications.channels.webhook.client import Posted
from notifications.domain.endpoint_alert import A_DAY_MAX, EndpointAlert
from notifications.domain.facts import Clinic
from notifications.domain.webhook import DISABLED_AFTER, KEPT_FOR, DisabledBecause, WebhookDelivery, WebhookEndpoint
from notifications.jobs.delete_old_deliveries import delete_old_deliveries
from notifications.jobs.mail_alerts import mail_alerts
from notifications.persistence import webhooks
from notifications.use_cases.record_delivery import RecordDelivery, record_delivery
from notifications.use_cases.reserve_alert import ReserveAlert, reserve_alert
from notifications.use_cases.reserve_delivery import ReservedDelivery

pytestmark = pytest.mark.rule("NOT-7.7")

URL = "/v1/webhook-endpoints"
RECORDED = "billing.payment.recorded.v1"
BODY = {"url": "http://127.0.0.1:1/hooks?key=s3cret", "event_types": [RECORDED], "reason": "our accountant"}
REFUSED, GONE = Posted(taken=False, text="500"), Posted(taken=False, text="410", gone=True)


@pytest_asyncio.fixture(loop_scope="session")
async def owner(desk: Any, practice: Any) -> AsyncIterator[Any]:
    async with desk.harness.client("settings:read settings:write", practice.clinic_id, subject="owner:ann") as client:
        yield client


async def registered(owner: Any) -> UUID:
    answer = await owner.post(URL, json=BODY)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def answered(desk: Any, practice: Any, endpoint_id: UUID, posted: Posted) -> None:
    """An attempt to deliver an event there came to this."""
    async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
        endpoint: WebhookEndpoint | None = await webhooks.get(work, endpoint_id)
        assert endpoint is not None
        delivery = WebhookDelivery(new_id(), practice.clinic_id, endpoint_id, "e", RECORDED, "{}", work.now)
        await record_delivery(work, RecordDelivery(ReservedDelivery(delivery, endpoint), posted, 0.5))


async def mailed(desk: Any, *, after: timedelta = timedelta(0)) -> list[Any]:
    """All mails that are out after a run of the job."""
    desk.clock.advance(after)
    await mail_alerts(desk.harness.resources)
    return list(desk.mail.taken)


async def state_of(owner: Any, endpoint_id: UUID) -> str | None:
    found = (await owner.get(f"{URL}/{endpoint_id}")).json()
    assert found in (await owner.get(URL)).json()["items"]
    state: str | None = found["mailed"]
    return state


async def test_an_endpoint_that_failed_for_days_is_told_to_its_clinic_once(
    desk: Any, practice: Any, owner: Any
) -> None:
    """ALL-4: in its own language, at its own address; an address can hold a partner's secret, so its host is named."""
    other = replace(practice, clinic_id=new_id())
    await desk.harness.deliver(practice.configured(language="de-DE"), other.configured(email="other@example.org"))
    endpoint_id = await registered(owner)
    await answered(desk, practice, endpoint_id, REFUSED)
    assert await mailed(desk) == []
    desk.clock.advance(DISABLED_AFTER)
    await answered(desk, practice, endpoint_id, REFUSED)
    (mail,) = await mailed(desk)
    assert (mail["To"], mail["Subject"]) == (
        "Smile Dental <desk@smile.example>",
        "Ereignisse werden nicht mehr gesendet: 127.0.0.1",
    )
    text = mail.get_body(("plain",)).get_content()
    assert "fünf Tagen" in text
    assert "s3cret" not in str(mail)
    await answered(desk, practice, endpoint_id, REFUSED)
    assert len(await mailed(desk, after=timedelta(days=2))) == 1
    assert await state_of(owner, endpoint_id) == "sent"


async def test_one_that_is_gone_is_told_and_one_that_somebody_switched_off_is_not(
    desk: Any, practice: Any, owner: Any
) -> None:
    await desk.harness.deliver(practice.configured())
    gone, asked = await registered(owner), await registered(owner)
    body = BODY | {"enabled": False}
    assert (await owner.put(f"{URL}/{asked}", json=body, headers={"If-Match": '"1"'})).status_code == 200
    for endpoint_id in (gone, asked):
        await answered(desk, practice, endpoint_id, GONE)
    (mail,) = await mailed(desk)
    assert "(410)" in mail.get_body(("plain",)).get_content()
    assert [await state_of(owner, one) for one in (gone, asked)] == ["sent", None]


@pytest.mark.parametrize("email", [None, "justaword"])
async def test_a_clinic_without_an_address_finds_it_where_its_endpoints_are(
    desk: Any, practice: Any, owner: Any, email: str | None
) -> None:
    await desk.harness.deliver(practice.configured(email=email))
    endpoint_id = await registered(owner)
    await answered(desk, practice, endpoint_id, GONE)
    assert await mailed(desk) == []
    assert await state_of(owner, endpoint_id) == "no_address"


async def test_what_works_again_before_is_not_told(desk: Any, practice: Any, owner: Any) -> None:
    await desk.harness.deliver(practice.configured())
    endpoint_id = await registered(owner)
    await answered(desk, practice, endpoint_id, GONE)
    etag = (await owner.get(f"{URL}/{endpoint_id}")).headers["ETag"]
    enabled = await owner.put(f"{URL}/{endpoint_id}", json=BODY, headers={"If-Match": etag})
    assert (enabled.status_code, enabled.json()["mailed"]) == (200, None)
    assert await mailed(desk) == []
    assert await mailed(desk, after=timedelta(days=2)) == []


async def test_a_server_that_does_not_take_it_is_asked_again(desk: Any, practice: Any, owner: Any) -> None:
    await desk.harness.deliver(practice.configured())
    endpoint_id = await registered(owner)
    await answered(desk, practice, endpoint_id, GONE)
    desk.mail.script[:] = ["451 later"]
    assert await mailed(desk) == []
    assert await state_of(owner, endpoint_id) == "waiting"
    assert len(await mailed(desk, after=timedelta(minutes=1))) == 1


@pytest.mark.parametrize("ended", ["no answer", "the process died"])
async def test_what_perhaps_went_out_is_not_sent_again_and_counted(
    desk: Any, practice: Any, owner: Any, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOT-3.3; an alarm watches the figure, as that of messages."""
    counted: list[tuple[int, Any]] = []
    monkeypatch.setattr(announcements._failed, "add", lambda *given: counted.append(given))
    await desk.harness.deliver(practice.configured())
    endpoint_id = await registered(owner)
    await answered(desk, practice, endpoint_id, GONE)
    if ended == "no answer":
        desk.mail.script[:] = ["cut"]
        await mailed(desk)
        desk.mail.forget()
    else:
        async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
            assert await reserve_alert(work, ReserveAlert()) is not None
    assert await mailed(desk, after=timedelta(minutes=2)) == []
    assert await state_of(owner, endpoint_id) == "unknown"
    assert counted == [(1, {"channel": "email", "reason": "unknown"})]


async def test_whoever_enables_what_is_gone_again_and_again_is_mailed_so_often_a_day(
    desk: Any, practice: Any, owner: Any
) -> None:
    await desk.harness.deliver(practice.configured())
    endpoint_id = await registered(owner)
    for _ in range(A_DAY_MAX + 2):
        await answered(desk, practice, endpoint_id, GONE)
        etag = (await owner.get(f"{URL}/{endpoint_id}")).headers["ETag"]
        await mailed(desk)
        await owner.put(f"{URL}/{endpoint_id}", json=BODY, headers={"If-Match": etag})
    assert len(desk.mail.taken) == A_DAY_MAX
    desk.clock.advance(KEPT_FOR + timedelta(days=1))
    await delete_old_deliveries(desk.harness.resources)
    async with desk.harness.database.reading([practice.clinic_id]) as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM endpoint_alerts")).scalar() == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("because", [DisabledBecause.FAILED_FOR_LONG, DisabledBecause.GONE])
def test_it_says_so_in_every_language(practice: Any, language: str, because: DisabledBecause) -> None:
    alert = EndpointAlert(new_id(), practice.clinic_id, new_id(), because, practice.at, practice.at)
    letter = letter_of_alert(alert, Clinic("Smile <Dental>", "UTC", language, "desk@smile.example", None), "x.example")
    assert letter.language == language
    for said in (as_text(letter), as_html(letter)):
        assert "x.example" in said
    assert "<Dental>" not in as_html(letter)
