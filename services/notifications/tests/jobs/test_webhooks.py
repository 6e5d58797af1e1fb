"""Events on their way to a clinic's endpoints, by Standard Webhooks: signed, retried, never lost (NOT-7)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from chassis.clock import ManualClock
from chassis.identifiers import new_id
from chassis.testing.scanning import places_of
from contracts.payments import Payer
from notifications.app import service
from notifications.channels.webhook.client import WebhookClient
from notifications.domain.webhook import DELAYS, EVENT_TYPES, KEPT_FOR, RESERVATION_LASTS
from notifications.jobs.delete_old_deliveries import delete_old_deliveries
from notifications.jobs.deliver_webhooks import SHARE
from notifications.persistence import messages
from notifications.use_cases.reserve_delivery import reserve_delivery
from standardwebhooks import Webhook
from webhook_partner import Partner

from contracts import EVENTS

URL = "/v1/webhook-endpoints"
RECORDED = "billing.payment.recorded.v1"
WHY = "our accountant's system reads them"


@pytest_asyncio.fixture(loop_scope="session")
async def partner() -> AsyncIterator[Partner]:
    one = Partner()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    yield one
    one.released.set()
    server.close()


@pytest_asyncio.fixture(loop_scope="session")
async def owner(desk: Any, practice: Any) -> AsyncIterator[Any]:
    async with desk.harness.client("settings:read settings:write", practice.clinic_id, subject="owner:ann") as client:
        yield client


async def registered(owner: Any, partner: Partner, **changes: Any) -> dict[str, Any]:
    body = {"url": partner.url, "event_types": [RECORDED], "reason": WHY} | changes
    answer = await owner.post(URL, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def deliver(desk: Any, *, after: timedelta = timedelta(0)) -> None:
    """Deliver all that is due after a time, until nothing more is in flight."""
    desk.clock.advance(after)
    delivering = desk.harness.resources.state.delivering
    while await delivering.start_due():
        await delivering.finish()


async def happened(desk: Any, practice: Any, **changes: Any) -> Any:
    """A payment; its event is forwarded."""
    payment = practice.paid(**changes)
    await desk.harness.deliver(payment)
    return payment


async def deliveries(owner: Any, endpoint: dict[str, Any], **wanted: str) -> list[dict[str, Any]]:
    answer = await owner.get(f"{URL}/{endpoint['id']}/deliveries", params=wanted)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def is_signed_with(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """By the library that partners use."""
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    return Webhook(secret).sign(headers["webhook-id"], at, body.decode()) in headers["webhook-signature"].split(" ")


@pytest.mark.rule("NOT-1.4", "NOT-7.1", "NOT-7.2")
async def test_a_partner_gets_the_events_that_were_asked_for_and_verifies_them(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    endpoint = await registered(owner, partner)
    delivering = desk.harness.resources.state.delivering
    clock, delivering.clock = delivering.clock, ManualClock(datetime.now(UTC))
    try:
        payment = await happened(desk, practice)
        await desk.harness.deliver(practice.receipt(payment), practice.issued_invoice())
        await deliver(desk)
    finally:
        delivering.clock = clock
    ((headers, body),) = partner.got
    said = Webhook(endpoint["secret"]).verify(body, headers)
    assert said == json.loads(body)
    assert (said["type"], said["data"]["transaction_id"]) == (RECORDED, str(payment.transaction_id))
    assert (said["data"]["amount"], headers["content-type"]) == (
        {"amount": "86.28", "currency": "USD"},
        "application/json",
    )
    (delivery,) = await deliveries(owner, endpoint)
    assert [delivery[name] for name in ("state", "attempts", "answer")] == ["delivered", 1, "200"]
    assert delivery["event_id"] == headers["webhook-id"]


@pytest.mark.rule("NOT-7.2")
async def test_what_is_about_a_person_goes_to_no_partner_and_is_not_kept(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    """ALL-6, ALL-9: so there is nothing to be forgotten in it."""
    await registered(owner, partner)
    await happened(desk, practice, payer=Payer(kind="third_party", name="Qqgrandma"), note="Qqsecret")
    await deliver(desk)
    ((_, body),) = partner.got
    assert json.loads(body)["data"]["payer"]["kind"] == "third_party"
    assert b"Qq" not in body
    assert "webhook_deliveries.payload" not in await places_of(desk.harness.owned, ("qqgrandma", "qqsecret"))


@pytest.mark.rule("NOT-7.1")
async def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    endpoint = await registered(owner, partner)
    answer = await owner.post(f"{URL}/{endpoint['id']}/secret", json={"reason": "somebody left"})
    fresh = answer.json()["secret"]
    assert (answer.status_code, fresh.startswith("whsec_"), fresh == endpoint["secret"]) == (200, True, False)
    await happened(desk, practice)
    await deliver(desk)
    await happened(desk, practice)
    await deliver(desk, after=timedelta(hours=24))
    signed = [[is_signed_with(key, *one) for key in (endpoint["secret"], fresh)] for one in partner.got]
    assert signed == [[True, True], [False, True]]
    shown = (await owner.get(f"{URL}/{endpoint['id']}")).text + (await owner.get(URL)).text
    assert "secret" not in shown


@pytest.mark.rule("NOT-7.1", "NOT-7.3")
@pytest.mark.parametrize("said", ["500", "404", "cut", "hang", "302 /elsewhere"])
async def test_what_is_not_acknowledged_is_sent_again_later_under_the_same_id(
    desk: Any, practice: Any, owner: Any, partner: Partner, said: str
) -> None:
    """A provider that is down, rejects, answers after we gave up, or leads elsewhere."""
    endpoint = await registered(owner, partner)
    delivering = desk.harness.resources.state.delivering
    patient, delivering.client = delivering.client, WebhookClient(private_allowed=True, seconds=0.5)
    partner.script[:] = [said]
    try:
        await happened(desk, practice)
        await deliver(desk)
    finally:
        await delivering.client.close()
        delivering.client = patient
    (waiting,) = await deliveries(owner, endpoint)
    assert (waiting["state"], waiting["attempts"]) == ("waiting", 1)
    assert (await owner.get(f"{URL}/{endpoint['id']}")).json()["failing_since"] is not None
    await deliver(desk, after=DELAYS[0] * 2)
    assert [headers["webhook-id"] for headers, _ in partner.got] == [waiting["event_id"]] * 2
    assert set(partner.paths) == {"/hooks"}, "no redirect is followed"
    assert len({body for _, body in partner.got}) == 1
    (delivered,) = await deliveries(owner, endpoint, state="delivered")
    assert delivered["attempts"] == 2
    assert (await owner.get(f"{URL}/{endpoint['id']}")).json()["failing_since"] is None


@pytest.mark.rule("NOT-7.3")
async def test_who_asks_to_be_left_alone_for_a_while_is(desk: Any, practice: Any, owner: Any, partner: Partner) -> None:
    await registered(owner, partner)
    partner.script[:] = ["429 120"]
    await happened(desk, practice)
    await deliver(desk)
    await deliver(desk, after=timedelta(seconds=119))
    assert len(partner.got) == 1
    await deliver(desk, after=timedelta(seconds=1))
    assert len(partner.got) == 2


@pytest.mark.rule("NOT-7.3")
async def test_a_process_that_dies_while_it_delivers_loses_nothing(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    endpoint = await registered(owner, partner)
    await happened(desk, practice)
    (waiting,) = await deliveries(owner, endpoint)
    async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
        assert await reserve_delivery(work, UUID(waiting["id"])) is not None
    await deliver(desk)
    assert partner.got == []
    await deliver(desk, after=RESERVATION_LASTS)
    ((headers, _),) = partner.got
    assert headers["webhook-id"] == waiting["event_id"]
    assert (await deliveries(owner, endpoint))[0]["attempts"] == 2


@pytest.mark.rule("NOT-7.3")
async def test_a_delivery_is_given_up_after_days(desk: Any, practice: Any, owner: Any, partner: Partner) -> None:
    endpoint = await registered(owner, partner)
    partner.script[:] = ["500"] * 20
    await happened(desk, practice)
    await deliver(desk)
    for delay in DELAYS:
        await deliver(desk, after=delay * 1.1)
    (given_up,) = await deliveries(owner, endpoint)
    assert (given_up["state"], given_up["attempts"], given_up["answer"]) == ("given_up", len(DELAYS) + 1, "500")
    await deliver(desk, after=timedelta(days=10))
    assert len(partner.got) == len(DELAYS) + 1


@pytest.mark.rule("NOT-7.5")
async def test_an_endpoint_that_fails_for_days_is_disabled_and_begins_anew_when_it_is_enabled(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    endpoint = await registered(owner, partner)
    partner.script[:] = ["500"] * 4
    await happened(desk, practice)
    await deliver(desk)
    await deliver(desk, after=timedelta(days=4))
    assert (await owner.get(f"{URL}/{endpoint['id']}")).json()["enabled"] is True
    await deliver(desk, after=timedelta(days=1, seconds=1))
    disabled = await owner.get(f"{URL}/{endpoint['id']}")
    assert [disabled.json()[name] for name in ("enabled", "disabled_because")] == [False, "failed_for_long"]
    await happened(desk, practice)
    await deliver(desk, after=timedelta(days=2))
    assert [one["state"] for one in await deliveries(owner, endpoint)] == ["given_up"], "and nothing new is queued"
    partner.script.clear()
    body = {"url": partner.url, "event_types": [RECORDED], "enabled": True, "reason": "repaired"}
    answer = await owner.put(f"{URL}/{endpoint['id']}", json=body, headers={"If-Match": disabled.headers["ETag"]})
    assert (answer.status_code, answer.json()["enabled"], answer.json()["failing_since"]) == (200, True, None)
    await happened(desk, practice)
    await deliver(desk)
    assert [one["state"] for one in await deliveries(owner, endpoint)] == ["delivered", "given_up"]


@pytest.mark.rule("NOT-7.5")
async def test_an_endpoint_that_is_gone_is_disabled_at_once(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    endpoint = await registered(owner, partner)
    partner.script[:] = ["410"]
    await happened(desk, practice)
    await deliver(desk)
    assert (await owner.get(f"{URL}/{endpoint['id']}")).json()["disabled_because"] == "gone"
    assert [one["state"] for one in await deliveries(owner, endpoint)] == ["given_up"]


async def test_another_clinics_endpoint_hears_nothing_and_is_out_of_reach(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    """ALL-4: also of the same patient's id."""
    endpoint = await registered(owner, partner)
    stranger = replace(practice, clinic_id=new_id())
    await happened(desk, stranger)
    await deliver(desk)
    assert partner.got == []
    async with desk.harness.client("settings:read settings:write", stranger.clinic_id) as other:
        assert (await other.get(URL)).json()["items"] == []
        assert (await other.get(f"{URL}/{endpoint['id']}")).status_code == 404
        for what in ("secret", "removal"):
            assert (await other.post(f"{URL}/{endpoint['id']}/{what}", json={"reason": "x"})).status_code == 404
        assert (await other.get(f"{URL}/{endpoint['id']}/deliveries")).json()["items"] == []


@pytest.mark.rule("ALL-4.3")
async def test_an_endpoint_that_does_not_answer_holds_up_no_other_clinics(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    await registered(owner, partner)
    partner.script[:] = ["hang"] * SHARE
    await desk.harness.deliver(*(practice.paid() for _ in range(3 * SHARE)))
    delivering = desk.harness.resources.state.delivering
    await delivering.start_due()
    await delivering.start_due()
    assert len(delivering.in_work) == SHARE
    stranger = replace(practice, clinic_id=new_id())
    async with desk.harness.client("settings:read settings:write", stranger.clinic_id) as other:
        second = Partner()
        server = await asyncio.start_server(second.serve, "127.0.0.1", 0)
        second.port = server.sockets[0].getsockname()[1]
        await registered(other, second)
        await happened(desk, stranger)
        await delivering.start_due()
        theirs = [task for task, due in delivering.in_work.items() if due.clinic_id == stranger.clinic_id]
        await asyncio.gather(*theirs)
        assert len(second.got) == 1
        server.close()
    partner.released.set()
    await deliver(desk, after=timedelta(days=1))
    await deliver(desk)


async def test_who_made_an_endpoint_changed_and_removed_it_is_kept_with_why(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    """ALL-5; what is on its way to it ends."""
    endpoint = await registered(owner, partner)
    await happened(desk, practice)
    assert (await owner.post(f"{URL}/{endpoint['id']}/removal", json={"reason": "no more"})).status_code == 204
    assert (await owner.get(f"{URL}/{endpoint['id']}")).status_code == 404
    await deliver(desk)
    assert partner.got == []
    assert [one["state"] for one in await deliveries(owner, endpoint)] == ["given_up"]
    async with desk.harness.database.reading([practice.clinic_id]) as connection:
        found = await connection.exec_driver_sql("SELECT action, reason, by_subject FROM webhook_changes ORDER BY id")
        assert [tuple(row) for row in found] == [
            ("registered", WHY, "owner:ann"),
            ("removed", "no more", "owner:ann"),
        ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "ftp://partner.example/"}, "url"),
        ({"url": "https://user:word@partner.example/"}, "url"),
        ({"url": "https:///hooks"}, "url"),
        ({"url": "https://partner.example/a b"}, "url"),
        ({"event_types": []}, "event_types"),
        ({"event_types": [RECORDED, RECORDED]}, "event_types"),
        ({"event_types": ["dental.patient.registered.v1"]}, "event_types[0]"),
        ({"reason": " "}, "reason"),
        ({"secret": "mine"}, "secret"),
    ],
)
async def test_what_cannot_be_is_refused_and_the_field_named(
    owner: Any, partner: Partner, wrong: dict[str, Any], field: str
) -> None:
    answer = await owner.post(URL, json={"url": partner.url, "event_types": [RECORDED], "reason": WHY} | wrong)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
    assert "event's id" not in answer.text
    assert (await owner.get(URL)).json()["items"] == []


async def test_a_clinic_has_ten_endpoints_and_no_more_and_a_stale_change_is_refused(
    owner: Any, partner: Partner
) -> None:
    made = [await registered(owner, partner) for _ in range(10)]
    body = {"url": partner.url, "event_types": [RECORDED], "reason": WHY}
    refused = await owner.post(URL, json=body)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "too-many-webhook-endpoints")
    first = await owner.get(URL, params={"limit": "7"})
    rest = await owner.get(URL, params={"limit": "7", "cursor": first.json()["next"]})
    assert [one["id"] for page in (first, rest) for one in page.json()["items"]] == [one["id"] for one in made]
    path = f"{URL}/{made[0]['id']}"
    assert (await owner.put(path, json=body, headers={"If-Match": '"1"'})).status_code == 200
    assert (await owner.put(path, json=body, headers={"If-Match": '"1"'})).status_code == 412
    assert (await owner.put(path, json=body)).status_code == 428


@pytest.mark.rule("NOT-7.3")
async def test_an_event_that_is_delivered_again_is_forwarded_once(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    endpoint = await registered(owner, partner)
    told = await desk.harness.deliver(practice.paid())
    await desk.harness.deliver(*told)
    await deliver(desk)
    assert len(await deliveries(owner, endpoint)) == len(partner.got) == 1


@pytest.mark.rule("NOT-7.6")
async def test_a_delivery_leaves_the_log_a_month_after_it_ended(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    endpoint = await registered(owner, partner)
    await desk.harness.deliver(practice.configured(), practice.paid())
    await deliver(desk)
    await delete_old_deliveries(desk.harness.resources)
    assert len(await deliveries(owner, endpoint)) == 1
    await happened(desk, practice)
    desk.clock.advance(KEPT_FOR + timedelta(seconds=1))
    await delete_old_deliveries(desk.harness.resources)
    assert [one["state"] for one in await deliveries(owner, endpoint)] == ["waiting"]
    await deliver(desk)


async def test_webhooks_are_none_of_the_messages_that_are_due(
    desk: Any, practice: Any, owner: Any, partner: Partner
) -> None:
    """ALL-8: nor does who sends messages take them."""
    await registered(owner, partner)
    await happened(desk, practice)
    await desk.send()
    async with desk.harness.database.reading([practice.clinic_id]) as connection:
        assert await messages.count_due(connection, practice.clinic_id) == 0
    await deliver(desk)
    assert len(partner.got) == 1


def test_an_endpoint_can_ask_for_all_that_this_service_hears_of_the_other_three() -> None:
    heard = {kind for one in service.subscriptions for kind in one.handlers if kind.startswith("billing.")}
    own = {kind for kind in heard if EVENTS[kind].topic != "billing.clinics.v1"}
    assert set(EVENT_TYPES) == own
