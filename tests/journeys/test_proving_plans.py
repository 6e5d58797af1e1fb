"""What decides where money goes first, when something is due, is compared between the services (`ALL-8`, `PAY-3`)."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.supervisor import Stack
from plan_at_the_desk import Plan
from planting import planted, proof_of

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
async def agreed(story: Story, api: Api) -> tuple[UUID, UUID, UUID]:
    """An invoice in three installments, the second paid by name: the ids of invoice, plan and that installment."""
    invoice = await story.happen(9_000)
    plan = Plan(story, api)
    _, second, _ = await plan.agree(3)
    payment = await plan.pay(3_000, second)
    shown = await plan.remains(3_000, 0, 3_000)
    await story.receipt(payment)
    assert (await proof_of(story)).told() == []
    return UUID(invoice["id"]), UUID(shown["id"]), UUID(second)


async def test_plans_are_counted(story: Story, agreed: tuple[UUID, UUID, UUID]) -> None:
    assert agreed
    counts = {str(one): count for one, count in (await proof_of(story)).compared.counts.items()}
    assert [counts[f"plans of invoicing and {other}"] for other in ("payments", "receipts", "notifications")] == [1] * 3


@pytest.mark.parametrize("service", ["payments", "receipts", "notifications"])
async def test_lost_plan_is_named(stack: Stack, story: Story, agreed: tuple[UUID, UUID, UUID], service: str) -> None:
    """As if the event that a plan was agreed had never arrived."""
    move = "UPDATE installment_plans SET clinic_id = '{}' WHERE plan_id = $1"
    async with planted(stack, service, move.format(NOBODY), move.format(story.clinic_id), agreed[1]):
        told = (await proof_of(story)).told()
    # Its installments are in their place still, which the service itself finds.
    between = [line for line in told if line.startswith("plans of invoicing")]
    assert between == [f"plans of invoicing and {service}: {agreed[1]}: {service} has none"]


async def test_plan_of_yesterday_is_named(
    stack: Stack, story: Story, api: Api, agreed: tuple[UUID, UUID, UUID]
) -> None:
    """As if the event that it was rescheduled had been lost: what is due when is another story."""
    invoice, plan, _ = agreed
    body = {"count": 2, "first_due_date": "2099-01-31", "reason": "moves away"}
    path = f"POST /v1/invoices/{invoice}/installment-plan/reschedule"
    headers = {"If-Match": '"1"', "Idempotency-Key": str(uuid4())}
    await api.send("invoicing", story.clinic_id, path, body=body, headers=headers)
    assert (await proof_of(story)).told() == []
    change = """
        WITH dated AS (UPDATE installments SET due_date = due_date {0} 30 WHERE plan_id = $1 AND position = 2)
        UPDATE installment_plans SET version = version {0} 1 WHERE plan_id = $1
    """
    async with planted(stack, "payments", change.format("-"), change.format("+"), plan):
        (told,) = (await proof_of(story)).told()
    assert told.startswith(f"plans of invoicing and payments: {plan}: version 2 in invoicing, 1 in payments; ")
    assert "installments 3 of 9000 from " in told
    assert " to 2099-02-28, " in told


WRONG = {
    "due_date": ("due_date = due_date {} 1", ("+", "-")),
    "number": ("number = {}", ("number || '-'", "rtrim(number, '-')")),
    "treatment_plans": ("treatment_plan_ids = {}", (f"ARRAY['{NOBODY}'::uuid]", "'{}'")),
}


@pytest.mark.parametrize("figure", WRONG)
async def test_wrong_invoice_in_payments_is_named(
    stack: Stack, story: Story, agreed: tuple[UUID, UUID, UUID], figure: str
) -> None:
    setting, (wrong, right) = WRONG[figure]
    change = f"UPDATE invoices SET {setting} WHERE invoice_id = $1"  # noqa: S608 - our own
    async with planted(stack, "payments", change.format(wrong), change.format(right), agreed[0]):
        told = (await proof_of(story)).told()
    found = [line for line in told if line.startswith("invoices of invoicing and payments: ")]
    assert len(found) == 1
    assert f"{agreed[0]}: {figure} " in found[0]


async def test_wrong_tax_in_invoicing_is_named(stack: Stack, story: Story, agreed: tuple[UUID, UUID, UUID]) -> None:
    """PAY-12: payments has it on an account of its own, and nothing else there tells it from revenue."""
    change = "UPDATE invoices SET tax_minor = tax_minor {} 1, net_minor = net_minor {} 1 WHERE id = $1"
    async with planted(stack, "invoicing", change.format("+", "-"), change.format("-", "+"), agreed[0]):
        told = (await proof_of(story)).told()
    assert any(line.startswith(f"invoices of invoicing and payments: {agreed[0]}: tax ") for line in told)


async def test_money_on_another_installment_is_named(
    stack: Stack, story: Story, agreed: tuple[UUID, UUID, UUID]
) -> None:
    """PLN-2: the sum is right, and by the right payment; it settles what it named in one service only."""
    invoice, _, installment = agreed
    change = "UPDATE settlements SET installment_id = '{}' WHERE invoice_id = $1"
    async with planted(stack, "invoicing", change.format(NOBODY), change.format(installment), invoice):
        told = (await proof_of(story)).told()
    assert any(f"{invoice}: settled_by 1 parts, " in line for line in told)
