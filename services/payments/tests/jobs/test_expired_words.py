"""What somebody wrote of a transaction ends when the years are over for which the clinic keeps its books (`ALL-9`).

Money is booked on the day that the clinic's clock had, so these are of 2015. The database goes by its own clock, which
no test moves: it is past 2025.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from chassis.messaging import expired_words
from chassis.testing.harness import START, ServiceHarness, admin_dsn, running
from chassis.testing.scanning import places_of
from payments.app import service
from payments_desk import FrontDesk, connected, good
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

LONG_AGO = datetime(2015, 12, 31, 15, 0, tzinfo=UTC)
WORDS = ("qqzyzx",)
MOTHER = {"kind": "third_party", "payer_id": "0190f3a1-6c00-7000-8000-0000000000ff", "name": "Mrs Qqzyzx"}
ON_THE_WAY = ("outbox.", "idempotency_keys.")
"""What has an end of its own, sooner."""


@pytest.fixture
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[ServiceHarness]:
    """A service of its own, whose clock stands in 2015."""
    async with running(service, admin_dsn(request)) as one:
        one.clock.advance(LONG_AGO - one.clock.now())
        yield one


@pytest.fixture
async def desk(harness: ServiceHarness) -> AsyncIterator[FrontDesk]:
    one = FrontDesk(harness)
    await one.configure()
    async with one.client:
        yield one


async def old_invoice(desk: FrontDesk, total: str) -> UUID:
    event = desk.issued(total).model_copy(update={"issue_date": date(2015, 12, 30), "due_date": date(2015, 12, 31)})
    await desk.harness.deliver(event)
    return event.invoice_id


async def everything_written(desk: FrontDesk) -> None:
    """A word wherever somebody may write one: who paid, why, by which reference, in notes, on requests."""
    invoice = await old_invoice(desk, "100.00")
    paid = await desk.paid(
        "50.00", invoice, payer=MOTHER, method="bank_transfer", external_reference="QQZYZX 17", note="Qqzyzx fainted"
    )
    path = f"/v1/payments/{paid['id']}"
    tag = (await desk.client.get(path)).headers["etag"]
    body = {"note": "her mother is Mrs Qqzyzx", "reason": "Qqzyzx said so"}
    good(await desk.client.patch(path, json=body, headers={"If-Match": tag}))
    good(await desk.refund(paid["id"], "10.00", reason="for Qqzyzx"), 201)
    wrong = await desk.paid("5.00", invoice)
    cancelled = await desk.client.post(f"/v1/payments/{wrong['id']}/cancellation", json={"reason": "not of Qqzyzx"})
    good(cancelled, 201)
    await desk.limit_refunds("1.00")
    requested = await desk.refund(paid["id"], "20.00", reason="again for Qqzyzx")
    assert requested.status_code == 202, requested.text
    decided = {"reason": "Qqzyzx has enough"}
    async with desk.person("clerk:eve") as eve:
        good(await eve.post(f"/v1/refund-requests/{requested.json()['id']}/rejection", json=decided))


async def places(desk: FrontDesk) -> set[str]:
    found = await places_of(desk.harness.owned, WORDS)
    return {place for place in found if not place.startswith(ON_THE_WAY)}


@pytest.mark.rule("ALL-9.6")
async def test_words_whose_years_are_over_are_emptied_and_the_books_are_proven(desk: FrontDesk) -> None:
    """ALL-9.6, ALL-8, PAY-9, PAY-12: amounts, days and kinds stay, and that there was a reason."""
    await everything_written(desk)
    written = await places(desk)
    assert {"transactions.payer_name", "transactions.reason", "transactions.external_reference"} <= written
    assert {"refund_requests.reason", "refund_requests.decision_reason", "relabelings.reason"} <= written
    before = await desk.account()
    desk.harness.clock.advance(START - desk.harness.clock.now())
    await desk.harness.run_job("empty_expired_words")
    assert await places(desk) == set()
    after = await desk.account()
    assert [(one["kind"], one["change"], one["balance"]) for one in after] == [
        (one["kind"], one["change"], one["balance"]) for one in before
    ]
    await desk.prove()
    await desk.harness.run_job("empty_expired_words")
    await desk.prove()


@pytest.mark.parametrize("years", [12, None])
async def test_of_a_clinic_that_keeps_longer_or_was_not_heard_nothing_goes(
    desk: FrontDesk, harness: ServiceHarness, years: int | None
) -> None:
    """ALL-9: what was configured before payments listened may be kept for as long as any clinic may say."""
    await everything_written(desk)
    await desk.configure(version=2, retention_years=years or 10)
    if years is None:
        await as_superuser(harness, "UPDATE clinics SET retention_years = NULL")
    written = await places(desk)
    harness.clock.advance(START - harness.clock.now())
    await harness.run_job("empty_expired_words")
    assert await places(desk) == written
    if years is None:
        await desk.configure(version=2)  # told again, as a replay tells it
        await harness.run_job("empty_expired_words")
        assert await places(desk) == set()


@pytest.mark.rule("ALL-9.6")
async def test_whose_money_is_still_held_is_still_known(desk: FrontDesk) -> None:
    """ALL-9.6, PAY-3: credit of eleven years goes back to whoever gave it."""
    await desk.paid("30.00", payer=MOTHER)
    desk.harness.clock.advance(START - desk.harness.clock.now())
    await desk.harness.run_job("empty_expired_words")
    assert await places(desk) == {"transactions.payer_name"}


async def test_in_bounded_batches_until_all_is_done(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expired_words, "ROWS_AT_ONCE", 1)
    await everything_written(desk)
    await desk.harness.run_job("empty_expired_words")
    assert await places(desk) == set()


async def test_nothing_of_what_is_kept_is_changed_by_anybody_nor_of_what_is_over_more_than_its_words(
    desk: FrontDesk, harness: ServiceHarness
) -> None:
    """PAY-12: by the working role nothing, by the owner no amount, no other words, nothing of the last six years."""
    await everything_written(desk)
    harness.clock.advance(START - harness.clock.now())
    new = await desk.paid("5.00", await desk.invoice("20.00"), external_reference="of this year")
    emptied = "reason = 'its years are over', payer_name = NULL, external_reference = NULL, reference_alike = NULL"
    changes = [
        f"UPDATE transactions SET {emptied} WHERE transaction_id = '{new['id']}'",  # noqa: S608 - ids of this test
        "UPDATE transactions SET amount_minor = 1",
        "UPDATE transactions SET reason = 'another'",
        "DELETE FROM transactions",
        "UPDATE relabelings SET version = 9",
    ]
    for url in (harness.owned.app_url, harness.owned.owner_url):
        for change in changes:
            with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
                async with connected(url, desk.clinic_id) as connection:
                    await connection.execute(text(change))


async def test_words_of_a_clinic_are_not_emptied_in_a_transaction_of_another(
    desk: FrontDesk, harness: ServiceHarness
) -> None:
    """ALL-4."""
    await everything_written(desk)
    written = await places(desk)
    other = FrontDesk(harness)
    async with harness.database.transaction([other.clinic_id], "test") as work:
        call = text("SELECT empty_expired_words(CAST(:ids AS uuid[]), 100)")
        await work.connection.execute(call, {"ids": [desk.clinic_id]})
    assert await places(desk) == written


async def as_superuser(harness: ServiceHarness, statement: str) -> Any:
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        return await connection.execute(statement)
    finally:
        await connection.close()
