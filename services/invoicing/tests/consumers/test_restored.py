"""The database put back to an earlier moment: no number stands for two documents, and the lost ones are said (K4)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.broker import Broker
from chassis.testing.harness import ServiceHarness, admin_dsn
from chassis.testing.restoring import backup, publish, restored
from contracts.participants import ANNOUNCES
from invoicing_clinic import Clinic
from local_stack.kafka import Topics, create_topics


async def issued(clinic: Clinic, amount: str) -> dict[str, Any]:
    draft = {"patient_id": str(clinic.patient_id), "issue": True, "lines": [clinic.custom(amount)]}
    return await clinic.post("/v1/invoices", draft)


@pytest.mark.rule("INV-7.1", "ALL-7.1")
async def test_after_a_restore_documents_are_numbered_above_those_that_were_announced(
    request: pytest.FixtureRequest, harness: ServiceHarness, clinic: Clinic, kafka_server: str
) -> None:
    """The first invoice is known; a second, and the first credit note of the clinic, are announced only."""
    broker = Broker(kafka_server)
    await create_topics(broker, Topics(tuple(ANNOUNCES), 2))
    first = await issued(clinic, "100.00")
    async with backup(harness, admin_dsn(request)) as earlier:
        second = await issued(clinic, "50.00")
        note = await clinic.post(
            f"/v1/invoices/{first['id']}/credit-notes",
            {"kind": "courtesy", "reason": "waited long", "amount": clinic.usd("10.00")},
        )
        await publish(harness, broker)

        said = [one for one in await restored(earlier, broker) if one.get("clinic") in (clinic.id, None)]
        named = {one["number"]: one for one in said if "lost_event" in one and "number" in one}
        assert named.keys() == {second["number"], note["number"]}
        assert named[note["number"]]["total"] == "10.00 USD"
        lost = {one["series"]: (one["lost_from"], one["lost_to"]) for one in said if "series" in one}
        assert lost == {"invoice": (2, 2), "credit_note": (1, 1)}

        async with earlier.client(clinic_id=clinic.id) as api:
            there = Clinic(earlier, api, clinic.id, clinic.patient_id)
            assert (await issued(there, "30.00"))["number"].endswith("000003")
            await there.prove()
        assert [one for one in await restored(earlier, broker) if "series" in one] == []
