"""Lists and sums: filtered, paged, by the clinic's calendar (`INV-9`, `ALL-3`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id


async def test_invoices_are_listed_newest_first_and_page_by_page(clinic: Any) -> None:
    made = [await clinic.invoice(clinic.custom("1.00")) for _ in range(5)]
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await clinic.api.get("/v1/invoices", params=params)).json()
        seen += [item["id"] for item in page["items"]]
        await clinic.invoice(clinic.custom("1.00"))
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [one["id"] for one in reversed(made)]


@pytest.mark.rule("INV-9.4")
async def test_every_status_is_a_filter(clinic: Any) -> None:
    draft = await clinic.invoice(clinic.custom("1.00"), issue=False)
    open_one, partly, paid, void, lost, forgiven = [await clinic.invoice(clinic.custom("10.00")) for _ in range(6)]
    await clinic.settle(partly, "4.00")
    await clinic.settle(paid, "10.00")
    await clinic.post(f"/v1/invoices/{void['id']}/void", {"reason": "r"}, 200)
    await clinic.settle(lost, "3.00")
    for invoice, kind in ((lost, "write_off"), (forgiven, "courtesy")):
        rest = {"amount": invoice["outstanding"] if invoice is forgiven else clinic.usd("7.00")}
        await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", {"kind": kind, "reason": "r"} | rest)
    wanted = {"draft": draft, "issued": open_one, "partially_paid": partly, "paid": paid, "void": void}
    wanted |= {"written_off": lost, "credited": forgiven}
    for status, invoice in wanted.items():
        (found,) = await clinic.listed(status=status)
        assert (found["id"], found["status"]) == (invoice["id"], status)


async def test_invoices_are_found_by_patient_appointment_number_and_date(clinic: Any) -> None:
    patient, visit = str(new_id()), str(new_id())
    wanted = await clinic.invoice(clinic.custom("1.00"), patient_id=patient, appointment_id=visit)
    await clinic.invoice(clinic.custom("2.00"))
    for params in (
        {"patient_id": patient},
        {"appointment_id": visit},
        {"number": wanted["number"]},
        {"number": wanted["number"], "from": "2026-11-23", "to": "2026-11-23"},
    ):
        (found,) = await clinic.listed(**params)
        assert found["id"] == wanted["id"], params
    assert await clinic.listed(**{"from": "2026-11-24"}) == []
    assert (await clinic.api.get("/v1/invoices", params={"colour": "red"})).status_code == 422


async def test_overdue_begins_the_day_after_the_due_date(clinic: Any) -> None:
    """New York is past midnight at 05:00 UTC."""
    await clinic.configure(due_days=0)
    late, paid = [await clinic.invoice(clinic.custom("10.00")) for _ in range(2)]
    await clinic.settle(paid, "10.00")
    assert await clinic.listed(overdue="true") == []
    clinic.harness.clock.advance(timedelta(hours=15))
    (found,) = await clinic.listed(overdue="true")
    assert (found["id"], found["overdue"]) == (late["id"], True)
    (other,) = await clinic.listed(overdue="false")
    assert other["id"] == paid["id"]
    sums = (await clinic.api.get("/v1/outstanding")).json()
    assert (sums["overdue"], sums["overdue_amount"]) == (1, clinic.usd("10.00"))


async def test_the_clinics_sums_are_those_of_its_invoices(clinic: Any) -> None:
    first, second = [await clinic.invoice(clinic.custom("100.00")) for _ in range(2)]
    void = await clinic.invoice(clinic.custom("9.00"))
    await clinic.post(f"/v1/invoices/{void['id']}/void", {"reason": "r"}, 200)
    await clinic.settle(first, "60.00")
    credit = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("5.00")}
    await clinic.post(f"/v1/invoices/{second['id']}/credit-notes", credit)
    sums = (await clinic.api.get("/v1/outstanding")).json()
    assert {name: sums[name]["amount"] for name in ("invoiced", "debited", "credited", "settled", "outstanding")} == {
        "invoiced": "200.00",
        "debited": "0.00",
        "credited": "5.00",
        "settled": "60.00",
        "outstanding": "135.00",
    }
    assert (sums["issued"], sums["void"]) == (2, 1)
