"""What patients hold as credit of payments from before is announced once, however often it is cut off (`NOT-10`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.credit_held import CreditHeld
from payments.use_cases.announce_credit import announce_credit
from payments_desk import FrontDesk, good, usd
from sqlalchemy import text

JOB = "announce_credit"
UNTOLD = text("INSERT INTO untold_credit (clinic_id, recorded_before) VALUES (:clinic_id, :before)")
LEFT = text("SELECT count(*) FROM untold_credit")
INSURER = {"kind": "insurer", "payer_id": "0190f3a1-6c00-7000-8000-0000000000fe", "name": "Delta"}


async def untold(desk: FrontDesk, later: timedelta = timedelta()) -> None:
    """As after the upgrade: of all payments until now, or a little later."""
    desk.harness.clock.advance(timedelta(seconds=1))
    async with desk.harness.database.transaction([desk.clinic_id], "test") as work:
        await work.connection.execute(UNTOLD, {"clinic_id": desk.clinic_id, "before": work.now + later})


async def left(desk: FrontDesk) -> int:
    async with desk.harness.database.reading([desk.clinic_id]) as connection:
        return int((await connection.execute(LEFT)).scalar_one())


async def told(desk: FrontDesk) -> dict[UUID, dict[str, str]]:
    """By patient: what is held of each payment."""
    found = await desk.events(CreditHeld)
    assert len(found) == len({event.patient_id for event in found})
    return {event.patient_id: {str(part.payment_id): part.amount.amount for part in event.parts} for event in found}


async def transfer(desk: FrontDesk, taker: UUID, amount: str) -> None:
    body = {"to_patient_id": str(taker), "amount": usd(amount), "reason": "family"}
    good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=body), 201)


@pytest.mark.rule("NOT-10.3")
async def test_each_patient_who_holds_credit_is_told_of_with_what_is_left_of_each_payment(desk: FrontDesk) -> None:
    """INS-4: what an insurer overpaid is none of theirs; what was handed over is the taker's."""
    brother = new_id()
    first, second = await desk.paid("500.00"), await desk.paid("20.00")
    await desk.paid("7.00", payer=INSURER, method="insurance")
    await transfer(desk, brother, "80.00")
    await desk.paid("30.00", await desk.invoice("30.00"))
    await untold(desk)
    await desk.paid("1.00")  # its own event says so, to all who listen by then
    await desk.harness.run_job(JOB)
    assert await told(desk) == {
        desk.patient_id: {first["id"]: "420.00", second["id"]: "20.00"},
        brother: {first["id"]: "80.00"},
    }
    assert await left(desk) == 0
    await desk.harness.run_job(JOB)
    await told(desk)


@pytest.mark.rule("NOT-10.3")
async def test_what_was_cut_off_goes_on_and_nothing_is_told_before_its_hour(desk: FrontDesk) -> None:
    """ALL-7: a set that was not committed is told once, with how far it came; the others listen by then."""
    payment, takers = await desk.paid("500.00"), sorted(new_id() for _ in range(3))
    for taker in takers:
        await transfer(desk, taker, "10.00")
    await untold(desk, timedelta(hours=1))
    await desk.harness.run_job(JOB)
    assert (await told(desk), await left(desk)) == ({}, 1)
    desk.harness.clock.advance(timedelta(hours=1))
    holders, database = sorted([desk.patient_id, *takers]), desk.harness.database
    async with database.transaction([desk.clinic_id], "test") as work:
        assert await announce_credit(work, [desk.clinic_id], 2)
    with pytest.raises(InterruptedError):
        async with database.transaction([desk.clinic_id], "test") as work:
            assert await announce_credit(work, [desk.clinic_id], 2)
            raise InterruptedError
    assert set(await told(desk)) == set(holders[:2])
    await desk.harness.run_job(JOB)
    expected: dict[Any, Any] = {taker: {payment["id"]: "10.00"} for taker in takers}
    assert await told(desk) == expected | {desk.patient_id: {payment["id"]: "470.00"}}
    assert await left(desk) == 0
