"""An installment plan across the services: agreed in one, paid by name in another, undone, credited."""

from __future__ import annotations

from uuid import uuid4

import pytest
from local_stack.practice.api import Api
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story, until
from plan_at_the_desk import Plan


async def test_an_installment_is_paid_by_name_and_reopened_by_its_cancellation(story: Story, api: Api) -> None:
    """PLN-1, PLN-2, PLN-3: at once after it was agreed, as the desk does, whichever event is first."""
    await story.happen(10_000)
    plan = Plan(story, api)
    first, second, _, _ = await plan.agree(4)
    payment = await plan.pay(3_000, second)
    await plan.remains(2_000, 0, 2_500, 2_500)
    await plan.pay(2_000, first)
    await plan.remains(0, 0, 2_500, 2_500)
    await story.desk.cancel(payment, "entered for the wrong patient")
    shown = await plan.remains(500, 2_500, 2_500, 2_500)
    assert [installment["state"] for installment in shown["installments"]] == [
        "partly_paid",
        "planned",
        "planned",
        "planned",
    ]
    await story.settled(8_000, "partially_paid")


@pytest.mark.rule("PLN-2.4")
async def test_a_credit_note_on_a_plan_that_is_paid_becomes_credit(story: Story, api: Api) -> None:
    """PLN-2: the latest unpaid first, and what was then paid too much is the patient's credit."""
    await story.happen(10_000)
    plan = Plan(story, api)
    await plan.agree(2)
    await story.desk.pay(8_000, "cash")
    await plan.remains(0, 2_000)
    body = {"kind": "courtesy", "reason": "a long wait", "amount": money(3_000)}
    path = f"/v1/invoices/{story.scene.invoice_id}/credit-notes"
    await api.post("invoicing", story.clinic_id, path, body, uuid4())
    shown = await plan.remains(0, 0)
    assert shown["state"] == "completed"
    assert [installment["amount"] for installment in shown["installments"]] == [money(5_000), money(2_000)]
    await story.settled(0, "paid")
    assert await until(story.credit, "the surplus is credit") == 1_000
    await plan.remains(0, 0)
