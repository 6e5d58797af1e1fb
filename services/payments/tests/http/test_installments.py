"""Payments that name an installment, and credit that goes to what is due first (`PLN-2`, `PAY-1`, `PAY-3`)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.golden import GOLDEN
from contracts.installments import (
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
)
from contracts.payments import (
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
)
from installments_agreed import monthly, naming, plan, planned
from payments.domain.installment import Installment
from payments.persistence import installments
from payments_desk import FrontDesk, good, problem, usd
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def changes(desk: FrontDesk, contract: type[Any]) -> list[tuple[UUID | None, str, str]]:
    return [
        (part.installment_id, part.change.amount, part.credited.amount)
        for event in await desk.events(contract)
        for part in event.settlements
    ]


@pytest.mark.rule("PLN-10.2", "PLN-10.3", "PAY-1.2")
async def test_every_step_of_a_payment_carries_the_installment_it_named(desk: FrontDesk) -> None:
    """PLN-2: recorded, refunded, the refund cancelled, cancelled, charged back."""
    invoice, (_, second) = await planned(desk, "100.00", "50.00", "50.00")
    first = await desk.paid("40.00", allocations=naming(invoice, second))
    assert [(allocation["installment_id"], allocation["amount"]) for allocation in first["allocations"]] == [
        (str(second), usd("40.00"))
    ]
    assert first["reason_code"] == "installment"
    assert await changes(desk, PaymentRecorded) == [(second, "40.00", "0.00")]
    refund = good(await desk.refund(first["id"], "15.00"), 201)
    assert refund["settlements"][0]["installment_id"] == str(second)
    assert await changes(desk, PaymentRefunded) == [(second, "-15.00", "15.00")]
    good(await desk.cancel_refund(refund["id"]), 201)
    assert await changes(desk, RefundCancelled) == [(second, "15.00", "-15.00")]
    good(await desk.cancel(first["id"]), 201)
    assert await changes(desk, PaymentCancelled) == [(second, "-40.00", "0.00")]
    bounced = await desk.paid("30.00", method="check", allocations=naming(invoice, second))
    good(await desk.charge_back(bounced["id"]), 201)
    assert await changes(desk, PaymentChargedBack) == [(second, "-30.00", "0.00")]
    assert await desk.outstanding(invoice) == "100.00"


async def test_what_a_credit_note_releases_leaves_the_installment_it_was_for(desk: FrontDesk) -> None:
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    await desk.paid("50.00", allocations=naming(invoice, first))
    await desk.paid("50.00", allocations=naming(invoice, second))
    await desk.harness.deliver(desk.credit_note(invoice, "60.00"))
    assert await changes(desk, AllocationReleased) == [(second, "-50.00", "0.00"), (first, "-10.00", "0.00")]
    assert await desk.credit() == "60.00"


async def test_only_an_installment_of_a_live_plan_of_that_invoice_can_be_named(desk: FrontDesk) -> None:
    """ALL-2: it names the field, and nothing is recorded."""
    invoice, (first, _) = await planned(desk, "100.00", "50.00", "50.00")
    other, (others, _) = await planned(desk, "100.00", "50.00", "50.00")
    for wrong in (naming(invoice, new_id()), naming(invoice, others), naming(other, first)):
        refused = await desk.pay("10.00", allocations=wrong)
        found = problem(refused, 422, "installment-unknown")
        assert [error["field"] for error in found["errors"]] == ["allocations[0].installment_id"]
    assert await desk.events(PaymentRecorded) == []
    assert await desk.outstanding(invoice) == "100.00"


async def test_an_installment_of_a_plan_that_ended_is_named_in_vain(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    agreed = plan(desk, invoice, *monthly("50.00", "50.00"))
    first = agreed.installments[0].installment_id
    more = {"plan_id": agreed.plan_id, "cause": "cancelled", "version": 2, "event_class": InstallmentPlanCancelled}
    ended = plan(desk, invoice, *monthly("50.00", "50.00"), ids=[first, new_id()], **more)
    await desk.harness.deliver(agreed, ended)
    problem(await desk.pay("10.00", allocations=naming(invoice, first)), 422, "installment-unknown")
    await desk.harness.deliver(agreed)
    problem(await desk.pay("10.00", allocations=naming(invoice, first)), 422, "installment-unknown")


async def test_a_plan_that_arrives_while_it_is_asked_for_is_waited_for(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = await desk.invoice("100.00")
    event, looked_for = plan(desk, invoice, *monthly("100.00")), asyncio.Event()
    of_invoices = installments.of_invoices

    async def look(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, list[Installment]]:
        found = await of_invoices(connection, invoice_ids)
        looked_for.set()
        return found

    monkeypatch.setattr(installments, "of_invoices", look)
    wanted = naming(invoice, event.installments[0].installment_id)
    paying = asyncio.create_task(desk.pay("40.00", allocations=wanted))
    await looked_for.wait()
    await desk.harness.deliver(event)
    assert good(await paying, 201)["allocations"][0]["installment_id"] == wanted[0]["installment_id"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 1, 0, 2)])
async def test_the_highest_version_of_a_plan_counts_in_whatever_order(desk: FrontDesk, order: tuple[int, ...]) -> None:
    invoice = await desk.invoice("100.00")
    plan_id, ids = new_id(), [new_id() for _ in range(4)]
    versions = [
        plan(desk, invoice, *monthly("50.00", "50.00"), ids=ids[:2], plan_id=plan_id),
        plan(
            desk,
            invoice,
            *monthly("100.00"),
            ids=ids[2:3],
            plan_id=plan_id,
            version=2,
            cause="rescheduled",
            event_class=InstallmentPlanChanged,
        ),
        plan(
            desk,
            invoice,
            *monthly("30.00", "70.00"),
            ids=[ids[0], ids[3]],
            plan_id=plan_id,
            version=3,
            cause="rescheduled",
            event_class=InstallmentPlanChanged,
        ),
    ]
    for number in order:
        await desk.harness.deliver(versions[number])
    problem(await desk.pay("1.00", allocations=naming(invoice, ids[1])), 422, "installment-unknown")
    problem(await desk.pay("1.00", allocations=naming(invoice, ids[2])), 422, "installment-unknown")
    good(await desk.pay("1.00", allocations=naming(invoice, ids[3])), 201)
    good(await desk.pay("1.00", allocations=naming(invoice, ids[0])), 201)
    told = [part.plan for event in await desk.events(PaymentRecorded) for part in event.settlements]
    assert [(one.plan_id, one.version) for one in told if one] == [(plan_id, 3)] * 2, "receipts wait for it"


@pytest.mark.rule("PAY-3.1")
async def test_credit_goes_to_overdue_installments_and_invoices_by_due_date(desk: FrontDesk) -> None:
    """PAY-3."""
    invoice = await desk.invoice("50.00")
    event = plan(desk, invoice, (date(2026, 10, 1), "25.00"), (date(2026, 12, 1), "25.00"))
    await desk.harness.deliver(event)
    first, second = (installment.installment_id for installment in event.installments)
    plain = await desk.invoice("60.00", due=date(2026, 11, 1))
    await desk.paid("100.00")
    good(
        await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/applications", json={"reason": "as agreed"}), 201
    )
    (applied,) = await desk.events(CreditApplied)
    told = [
        (settlement.invoice_id, settlement.installment_id, settlement.change.amount)
        for settlement in applied.settlements
    ]
    assert told == [(invoice, first, "25.00"), (plain, None, "60.00"), (invoice, second, "15.00")]
    assert (await desk.outstanding(invoice), await desk.outstanding(plain)) == ("10.00", "0.00")


@pytest.mark.rule("INV-15.2")
async def test_an_invoice_is_overdue_by_its_plan_and_not_by_its_due_date(desk: FrontDesk) -> None:
    """INV-15: past its due date with the plan on time; before it with the first one late, until that is paid."""

    async def status(invoice: UUID) -> tuple[str, bool]:
        told = good(await desk.client.get(f"/v1/invoices/{invoice}"), 200)
        return told["status"], told["overdue"]

    on_time = await desk.invoice("50.00", due=date(2026, 10, 1))
    assert await status(on_time) == ("issued", True)
    later = plan(desk, on_time, (date(2027, 1, 1), "25.00"), (date(2027, 2, 1), "25.00"))
    await desk.harness.deliver(later)
    assert await status(on_time) == ("issued", False)
    late = await desk.invoice("50.00", due=date(2027, 6, 1))
    first_late = plan(desk, late, (date(2026, 10, 1), "25.00"), (date(2027, 2, 1), "25.00"))
    await desk.harness.deliver(first_late)
    assert await status(late) == ("issued", True)
    second = first_late.installments[1].installment_id
    await desk.paid("25.00", allocations=naming(late, second))
    assert await status(late) == ("partially_paid", True)
    await desk.paid("25.00", allocations=[{"invoice_id": str(late)}])
    assert await status(late) == ("paid", False)
    await desk.paid("10.00", allocations=[{"invoice_id": str(on_time)}])
    assert await status(on_time) == ("partially_paid", False)


async def test_credit_can_be_applied_to_a_named_installment(desk: FrontDesk) -> None:
    invoice, (_, second) = await planned(desk, "100.00", "50.00", "50.00")
    await desk.paid("20.00")
    path, applied = f"/v1/patients/{desk.patient_id}/credit/applications", {"reason": "as agreed"}
    problem(
        await desk.client.post(path, json=applied | {"allocations": naming(invoice, new_id())}),
        422,
        "installment-unknown",
    )
    good(await desk.client.post(path, json=applied | {"allocations": naming(invoice, second)}), 201)
    assert await changes(desk, CreditApplied) == [(second, "20.00", "0.00")]


async def test_an_application_that_was_a_mistake_reopens_the_installment_that_it_settled(desk: FrontDesk) -> None:
    """PLN-2, PAY-5."""
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    await desk.paid("70.00")
    path = f"/v1/patients/{desk.patient_id}/credit/applications"
    applied = good(await desk.client.post(path, json={"reason": "as agreed"}), 201)
    undone = {"reason": "the wrong plan"}
    good(await desk.client.post(f"/v1/transactions/{applied['id']}/cancellation", json=undone), 201)
    assert sorted(await changes(desk, CreditApplicationCancelled)) == sorted(
        [(first, "-50.00", "0.00"), (second, "-20.00", "0.00")]
    )
    assert (await desk.outstanding(invoice), await desk.credit()) == ("100.00", "70.00")


async def test_the_golden_plan_is_kept_and_its_end_forgets_its_installments(desk: FrontDesk) -> None:
    kept = {}
    for name in ("agreed", "changed", "cancelled"):
        event = GOLDEN[f"billing.installment_plan.{name}.v1"].event
        await desk.harness.deliver(event, event)
        async with desk.harness.database.reading([event.clinic_id]) as connection:
            rows = await connection.execute(text("SELECT amount_minor FROM installments ORDER BY position"))
            kept[name] = list(rows.scalars())
    assert kept["agreed"] == [28_000, 30_000, 30_000, 30_000]
    assert kept["changed"] == [28_000, 22_500, 22_500, 22_500, 22_500]
    assert kept["cancelled"] == []


async def test_the_same_plan_of_another_clinic_is_another_plan(desk: FrontDesk, harness: Any) -> None:
    """ALL-4: neither sees nor spoils the other's."""
    other = FrontDesk(harness)
    event = GOLDEN["billing.installment_plan.agreed.v1"].event
    ended = GOLDEN["billing.installment_plan.cancelled.v1"].event
    for clinic_id, last in ((desk.clinic_id, event), (other.clinic_id, ended)):
        for one in (event, last):
            await desk.harness.deliver(one.model_copy(update={"clinic_id": clinic_id}))
    assert await desk.harness.set_aside() == []
    kept = {}
    for clinic_id in (desk.clinic_id, other.clinic_id):
        async with desk.harness.database.reading([clinic_id]) as connection:
            kept[clinic_id] = (await connection.execute(text("SELECT count(*) FROM installments"))).scalar_one()
    assert kept == {desk.clinic_id: 4, other.clinic_id: 0}
    await other.client.aclose()
