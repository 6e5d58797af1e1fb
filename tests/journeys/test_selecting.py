"""Several transactions selected at once, seen from every service."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from local_stack.practice.api import Api
from local_stack.practice.problems import Refused
from local_stack.practice.story import Story, until


async def account(story: Story, api: Api) -> list[dict[str, Any]]:
    path = f"/v1/patients/{story.scene.patient.id}/account"
    return [line async for line in api.pages("payments", story.clinic_id, path)]


async def test_selected_transactions_are_cancelled_together_and_the_account_shows_their_receipts(
    story: Story, api: Api
) -> None:
    """PAY-7, PAY-9, RCP-3: none is cancelled while one cannot be; all are when all can."""
    await story.happen(10_000)
    first = await story.desk.pay(2_500, "cash")
    second = await story.desk.pay(7_500, "check")
    await story.settled(0, "paid")
    numbers = {(await story.receipt(payment))["number"] for payment in (first, second)}

    async def shown() -> bool:
        lines = await account(story, api)
        beside = {line["receipt"]["number"] for line in lines if line["kind"] == "payment" and line["receipt"]}
        return beside == {line["number"] for line in lines if line["kind"] == "receipt"} == numbers

    await until(shown, "the account shows the receipts")
    refund = await story.desk.refund(second, 500, "goodwill", "a long wait")
    with pytest.raises(Refused) as refused:
        await _cancel(story, api, first, second)
    assert [error["transaction_id"] for error in refused.value.problem["errors"]] == [second]
    await story.settled(0, "paid")

    await _cancel(story, api, first, second, refund)

    await story.settled(10_000, "issued")

    async def all_void() -> bool:
        proven = [line["receipt"] for line in await account(story, api) if line["kind"] in ("payment", "refund")]
        return len(proven) == 3 and all(one is not None and one["void"] for one in proven)

    await until(all_void, "the receipts of what was cancelled are void")


async def _cancel(story: Story, api: Api, *transactions: str) -> None:
    body = {"transaction_ids": list(transactions), "reason": "entered at the wrong till"}
    await api.post("payments", story.clinic_id, "/v1/transactions/cancellations", body, uuid4())
