"""What insurers are estimated to take of open invoices from before is announced once, however often it is cut off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from contracts.adjudications import InvoiceEstimated
from invoicing.use_cases.announce_estimates import announce_estimates
from invoicing_insurers import Insurer
from sqlalchemy import text

JOB = "announce_estimates"
UNTOLD = text("INSERT INTO untold_estimates (clinic_id, issued_before) VALUES (:clinic_id, :before)")
LEFT = text("SELECT count(*) FROM untold_estimates")


async def untold(clinic: Any, later: timedelta = timedelta()) -> None:
    """As after the upgrade: all of the clinic's invoices until now, or a little later."""
    clinic.harness.clock.advance(timedelta(seconds=1))
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        await work.connection.execute(UNTOLD, {"clinic_id": clinic.id, "before": work.now + later})


async def left(clinic: Any) -> int:
    async with clinic.harness.database.reading([clinic.id]) as connection:
        return int((await connection.execute(LEFT)).scalar_one())


async def estimated(clinic: Any, *taken: tuple[Insurer, str, str]) -> dict[str, Any]:
    """An invoice of 100.00 of which each insurer is estimated to pay so much and to have so much written off."""
    estimates = [one.estimate(expected, write_off) for one, expected, write_off in taken]
    made: dict[str, Any] = await clinic.invoice(clinic.custom("100.00") | {"estimates": estimates})
    return made


async def told(clinic: Any) -> dict[str, str]:
    found = await clinic.announced(InvoiceEstimated)
    assert len(found) == len({one.invoice_id for one in found})
    return {str(one.invoice_id): one.estimated.amount for one in found}


@pytest.mark.rule("INS-1.1")
async def test_open_invoices_with_estimates_are_told_with_what_is_not_decided(clinic: Any) -> None:
    """INS-4: of what the primary decided on, what the secondary takes of the rest; what nothing is asked for is not."""
    first, second = Insurer(), Insurer("Cigna", "secondary")
    open_one = await estimated(clinic, (first, "60.00", "10.00"), (second, "20.00", "0.00"))
    partly = await estimated(clinic, (first, "60.00", "10.00"), (second, "20.00", "0.00"))
    decided = first.decides(partly, [first.line(partly["lines"][0], "60.00", CO="10.00", PR="30.00")])
    await clinic.harness.deliver(decided.model_copy(update={"clinic_id": clinic.id}))
    await clinic.settle(await estimated(clinic, (first, "60.00", "10.00")), "100.00")
    void = await estimated(clinic, (first, "60.00", "10.00"))
    await clinic.post(f"/v1/invoices/{void['id']}/void", {"reason": "wrong patient"}, 200)
    await clinic.invoice(clinic.custom("100.00"))
    await untold(clinic)
    await estimated(clinic, (first, "60.00", "10.00"))  # its own event says so, to all who listen by then
    await clinic.harness.run_job(JOB)
    assert await told(clinic) == {open_one["id"]: "90.00", partly["id"]: "20.00"}
    assert await left(clinic) == 0
    await clinic.harness.run_job(JOB)
    await told(clinic)


async def test_they_are_told_in_sets_and_what_was_cut_off_goes_on(clinic: Any) -> None:
    """ALL-7: a set that was not committed is told once, with how far it came."""
    insurer = Insurer()
    made = [await estimated(clinic, (insurer, "60.00", "10.00")) for _ in range(5)]
    await untold(clinic)
    database = clinic.harness.database
    async with database.transaction([clinic.id], "test") as work:
        assert await announce_estimates(work, [clinic.id], 2)
    with pytest.raises(InterruptedError):
        async with database.transaction([clinic.id], "test") as work:
            assert await announce_estimates(work, [clinic.id], 2)
            raise InterruptedError
    assert list(await told(clinic)) == [one["id"] for one in made[:2]]
    assert await left(clinic) == 1
    await clinic.harness.run_job(JOB)
    assert await told(clinic) == dict.fromkeys([one["id"] for one in made], "70.00")
    assert await left(clinic) == 0


async def test_nothing_is_told_before_its_hour(clinic: Any) -> None:
    """The other services run the release by then, and listen."""
    await estimated(clinic, (Insurer(), "60.00", "10.00"))
    await untold(clinic, timedelta(hours=1))
    await clinic.harness.run_job(JOB)
    assert (await told(clinic), await left(clinic)) == ({}, 1)
    clinic.harness.clock.advance(timedelta(hours=1))
    await clinic.harness.run_job(JOB)
    assert (len(await told(clinic)), await left(clinic)) == (1, 0)
