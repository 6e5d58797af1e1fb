"""Lists, the patient's account, the day sheet, the proof (PAY-9, PAY-10, ALL-8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chassis.testing.harness import ServiceHarness
from chassis.testing.planting import planted
from payments_desk import FrontDesk, good, problem, usd


@pytest.mark.rule("PAY-1.3")
async def test_only_group_and_note_of_a_payment_can_be_edited(desk: FrontDesk) -> None:
    """PAY-1."""
    surgery = await desk.group("Surgery")
    payment = await desk.paid("10.00", note="first")
    path = f"/v1/payments/{payment['id']}"
    tag = (await desk.client.get(path)).headers["ETag"]
    changed = good(await desk.client.patch(path, json={"group_id": surgery["id"]}, headers={"If-Match": tag}))
    assert (changed["group_id"], changed["note"]) == (surgery["id"], "first")
    problem(await desk.client.patch(path, json={"note": "x"}, headers={"If-Match": tag}), 412, "precondition-failed")
    refused = await desk.client.patch(path, json={"amount": usd("1.00")}, headers={"If-Match": '"2"'})
    problem(refused, 422, "invalid-request")
    good(await desk.client.patch(path, json={"note": None}, headers={"If-Match": '"2"'}))
    assert (await desk.payment(payment["id"]))["note"] is None


async def test_payments_are_listed_by_filter_and_cursor(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    settled = await desk.paid("40.00", invoice, method="bank_card")
    cancelled = await desk.paid("5.00")
    await desk.cancel(cancelled["id"])
    others = [(await desk.paid("1.00"))["id"] for _ in range(3)]

    async def listed(**query: str) -> list[str]:
        items = good(await desk.client.get("/v1/payments", params=query))["items"]
        return [item["id"] for item in items]

    assert await listed() == [*reversed(others), cancelled["id"], settled["id"]]
    assert await listed(invoice_id=str(invoice)) == [settled["id"]]
    assert await listed(method="bank_card", patient_id=str(desk.patient_id)) == [settled["id"]]
    assert await listed(status="cancelled") == [cancelled["id"]]
    assert await listed(booked_from="2026-11-24") == []
    first = good(await desk.client.get("/v1/payments", params={"limit": "2"}))
    second = good(await desk.client.get("/v1/payments", params={"limit": "2", "cursor": first["next"]}))
    assert [item["id"] for item in second["items"]] == [others[0], cancelled["id"]]


@pytest.mark.rule("PAY-9.1")
async def test_account_tells_everything_in_order_with_a_running_balance(desk: FrontDesk) -> None:
    """PAY-9."""
    tick = timedelta(minutes=1)
    clock = desk.harness.clock
    invoice = await desk.invoice("100.00")
    clock.advance(tick)
    payment = await desk.paid("120.00", invoice, allow_overpayment=True)
    clock.advance(tick)
    refund = good(await desk.refund(payment["id"], "30.00"), 201)
    clock.advance(tick)
    await desk.harness.deliver(desk.credit_note(invoice, "10.00", refund_id=refund["id"]))
    clock.advance(tick)
    await desk.harness.deliver(desk.credit_note(invoice, "5.00"))
    clock.advance(tick)
    good(await desk.cancel_refund(refund["id"]), 201)
    clock.advance(tick)
    good(await desk.cancel(payment["id"]), 201)

    lines = await desk.account()

    told = [(line["kind"], line["change"]["amount"], line["balance"]["amount"]) for line in lines]
    assert told == [
        ("invoice", "100.00", "100.00"),
        ("payment", "-120.00", "-20.00"),
        ("refund", "20.00", "0.00"),
        ("credit_note", "0.00", "0.00"),
        ("credit_note", "-5.00", "-5.00"),
        ("release", "0.00", "-5.00"),
        ("refund_cancellation", "-20.00", "-25.00"),
        ("cancellation", "120.00", "95.00"),
    ]
    assert await desk.outstanding(invoice) == "95.00"
    assert [line["kind"] for line in await desk.account(kind="refund")] == ["refund"]
    page = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/account", params={"limit": "3"}))
    rest = await desk.account(cursor=page["next"])
    assert page["items"] + rest == lines


@pytest.mark.rule("PAY-10.1", "PAY-10.2", "PAY-10.3")
async def test_day_sheet_sums_its_transactions_and_never_changes_afterwards(desk: FrontDesk) -> None:
    """PAY-10."""
    surgery = await desk.group("Surgery")
    day = desk.harness.clock.now().date().isoformat()
    payment = await desk.paid("100.00", group_id=surgery["id"])
    await desk.paid("50.00", method="bank_card")
    good(await desk.refund(payment["id"], "30.00"), 201)
    before = good(await desk.client.get(f"/v1/day-sheets/{day}"))
    assert before["totals"]["payments"] == {"count": 2, "amount": usd("150.00")}
    assert before["totals"]["net"] == usd("120.00")
    assert {one["method"]: one["net"]["amount"] for one in before["by_method"]} == {
        "cash": "70.00",
        "bank_card": "50.00",
    }
    assert {one["group_name"]: one["net"]["amount"] for one in before["by_group"]} == {
        "Surgery": "70.00",
        None: "50.00",
    }

    desk.harness.clock.advance(timedelta(days=1))
    other = await desk.paid("5.00")
    good(await desk.cancel(other["id"]), 201)
    card = good(await desk.client.get("/v1/payments", params={"method": "bank_card"}))["items"][0]
    good(await desk.cancel(card["id"]), 201)

    assert good(await desk.client.get(f"/v1/day-sheets/{day}")) == before
    tomorrow = (desk.harness.clock.now()).date().isoformat()
    after = good(await desk.client.get(f"/v1/day-sheets/{tomorrow}"))
    assert after["totals"]["cancellations"] == {"count": 2, "amount": usd("55.00")}
    assert after["totals"]["net"] == usd("-50.00")


async def test_day_is_the_clinics_own(desk: FrontDesk) -> None:
    """PAY-10: at 15:00 UTC it is tomorrow on Kiritimati (UTC+14) and still today in Niue (UTC-11)."""
    today = desk.harness.clock.now()
    for version, zone, days in ((2, "Pacific/Kiritimati", 1), (3, "Pacific/Niue", 0)):
        await desk.configure(time_zone=zone, version=version)
        payment = await desk.paid("1.00")
        assert payment["booked_on"] == (today + timedelta(days=days)).date().isoformat()


@pytest.mark.rule("ALL-8.1")
async def test_command_tells_the_same_differences_as_the_endpoint(desk: FrontDesk) -> None:
    """ALL-8: `payments prove`, which goes through all clinics."""
    await desk.paid("45.00", await desk.invoice("40.00"), allow_overpayment=True)
    (proof,) = desk.harness.service.proofs
    before = await proof.run(desk.harness.resources)
    assert (before.figures > 0, before.differences) == (True, [])
    wrong = "patient_credit SET balance_minor = balance_minor + 1"
    async with planted(desk.harness.owned, desk.clinic_id, wrong):
        told = (await proof.run(desk.harness.resources)).differences
        shown = good(await desk.client.get("/v1/prove"))["differences"]
    assert [
        {"what": difference.what, "expected": difference.expected, "found": difference.found} for difference in told
    ] == shown
    assert shown == [{"what": f"credit of patient {desk.patient_id}", "expected": "500", "found": "501"}]


async def test_command_also_proves_clinics_whose_settings_never_arrived(harness: ServiceHarness) -> None:
    """ALL-8: their invoices are in the books, whatever became of `clinic.configured`."""
    desk = FrontDesk(harness)
    await desk.invoice("40.00")
    (proof,) = harness.service.proofs
    async with planted(harness.owned, desk.clinic_id, "invoices SET debited_minor = debited_minor + 5") as invoice:
        told = [difference.what for difference in (await proof.run(harness.resources)).differences]
        await harness.run_job("sum_days")
    assert f"invoice {invoice['invoice_id']} debited" in told
    assert (await proof.run(harness.resources)).differences == []
    await desk.client.aclose()
