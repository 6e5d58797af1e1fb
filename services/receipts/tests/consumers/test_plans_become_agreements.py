"""Installment plans in, agreements and next installments out (`PLN-5`, `RCP-2`, `RCP-4`)."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdf
import pytest
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from contracts.event import Amount
from contracts.payments import AllocationMoved, AllocationReleased, CreditApplied, PaymentTakenBack
from receipts.persistence import receipts
from receipts_events import Installments, Practice, amount

DATES = (date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28))


def thirds(*left: int) -> Installments:
    """Three times 100.00, of which so much is left."""
    return tuple((new_id(), due, 10_000, rest) for due, rest in zip(DATES, left or (10_000,) * 3, strict=True))


async def served(harness: ServiceHarness, practice: Practice, plan_id: UUID, **params: Any) -> bytes:
    async with harness.client("receipts:read", practice.clinic_id) as client:

        async def made() -> bytes | None:
            answer = await client.get(f"/v1/installment-plans/{plan_id}/agreement.pdf", params=params)
            return answer.content if answer.status_code == 200 else None

        return await eventually(made, within_seconds=60)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages)


async def next_installment(harness: ServiceHarness, practice: Practice, transaction_id: UUID) -> Any:
    async with harness.database.reading([practice.clinic_id]) as connection:
        receipt = await receipts.of_transaction(connection, transaction_id)
        assert receipt is not None
        found = (await receipts.content_of(connection, receipt.receipt_id))["next_installment"]
    return found and (found["due"], found["amount"]["minor"])


def settling(payment: Any, installment_id: UUID | None, outstanding: Amount) -> Any:
    (change,) = payment.settlements
    named = change.model_copy(update={"installment_id": installment_id, "outstanding": outstanding})
    return payment.model_copy(update={"settlements": (named,)})


@pytest.mark.usefixtures("worker")
async def test_each_version_has_an_agreement_of_its_own_that_never_changes(
    harness: ServiceHarness, practice: Practice
) -> None:
    """PLN-5, RCP-4: in whatever order the versions are heard of, and however often."""
    invoice, plan_id = practice.invoiced(30_000), new_id()
    agreed = practice.agreed(invoice, plan_id, thirds())
    changed = practice.rescheduled(invoice, plan_id, thirds(0, 5_000, 10_000))
    await harness.deliver(invoice, changed, agreed)
    newest = await served(harness, practice, plan_id)
    assert "Version 2" in text_of(newest)
    assert "To be paid in installments $150.00" in text_of(newest)
    first = await served(harness, practice, plan_id, version=1)
    assert "To be paid in installments $300.00" in text_of(first)
    await harness.deliver(practice.configured(version=2, name="Renamed Dental"), agreed, changed)
    assert await served(harness, practice, plan_id, version=1) == first
    assert await served(harness, practice, plan_id, version=2) == newest


@pytest.mark.usefixtures("worker")
async def test_a_plan_that_ended_is_void_and_its_original_stays(harness: ServiceHarness, practice: Practice) -> None:
    invoice, plan_id = practice.invoiced(30_000), new_id()
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, thirds()))
    before = await served(harness, practice, plan_id)
    await harness.deliver(practice.plan_ended(invoice, plan_id, thirds(), version=2))
    void = text_of(await served(harness, practice, plan_id))
    assert "VOID" in void
    assert "Reason: Pays at once" in void
    assert await served(harness, practice, plan_id, original=True) == before


async def test_a_plan_that_nobody_told_of_is_to_be_asked_for_again(harness: ServiceHarness, practice: Practice) -> None:
    invoice, plan_id = practice.invoiced(30_000), new_id()
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, thirds()))
    async with harness.client("receipts:read", practice.clinic_id) as client:
        unknown = await client.get(f"/v1/installment-plans/{plan_id}/agreement.pdf", params={"version": 2})
        assert (unknown.status_code, unknown.headers["retry-after"]) == (404, "1")
        wrong = await client.get(f"/v1/installment-plans/{plan_id}/agreement.pdf", params={"version": 0})
        assert wrong.status_code == 422
    async with harness.client("receipts:read") as other:
        answer = await other.get(f"/v1/installment-plans/{plan_id}/agreement.pdf")
        assert answer.json()["type"].endswith("plan-not-known-yet")


@pytest.mark.rule("RCP-2.4")
async def test_a_receipt_shows_the_next_installment(harness: ServiceHarness, practice: Practice) -> None:
    """RCP-2, PLN-2: the one named is settled, else the oldest."""
    invoice, plan_id, parts = practice.invoiced(30_000), new_id(), thirds()
    oldest = settling(practice.paid(invoice, 4_000), None, amount(26_000))
    named = settling(practice.paid(invoice, 10_000), parts[1][0], amount(16_000))
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, parts), oldest, named)
    assert await next_installment(harness, practice, oldest.transaction_id) == ("2026-12-31", 6_000)
    assert await next_installment(harness, practice, named.transaction_id) == ("2026-12-31", 6_000)
    rest = settling(practice.paid(invoice, 6_000), None, amount(10_000))
    await harness.deliver(rest)
    assert await next_installment(harness, practice, rest.transaction_id) == ("2027-02-28", 10_000)
    undone = practice.cancelled(named)
    (change,) = named.settlements
    reopened = change.model_copy(update={"change": amount(-10_000), "outstanding": amount(20_000)})
    await harness.deliver(undone.model_copy(update={"settlements": (reopened,)}))
    last = settling(practice.paid(invoice, 1_000), None, amount(19_000))
    await harness.deliver(last)
    assert await next_installment(harness, practice, last.transaction_id) == ("2027-01-31", 9_000)


@pytest.mark.rule("PLN-10.5")
async def test_a_receipt_names_the_installments_that_the_payment_settled(
    harness: ServiceHarness, practice: Practice
) -> None:
    """PLN-10: number, of how many, due date and how much; those that it reached, or the one that it named."""
    invoice, plan_id, parts = practice.invoiced(30_000), new_id(), thirds()
    oldest = settling(practice.paid(invoice, 12_000), None, amount(18_000))
    named = settling(practice.paid(invoice, 10_000), parts[2][0], amount(8_000))
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, parts), oldest, named)

    async def settled(transaction_id: UUID) -> list[tuple[int, int, str, int]]:
        async with harness.database.reading([practice.clinic_id]) as connection:
            receipt = await receipts.of_transaction(connection, transaction_id)
            assert receipt is not None
            content = await receipts.content_of(connection, receipt.receipt_id)
        (of_invoice,) = content["settled"]
        return [
            (installment["position"], installment["count"], installment["due"], installment["amount"]["minor"])
            for installment in of_invoice["installments"]
        ]

    assert await settled(oldest.transaction_id) == [(1, 3, "2026-12-31", 10_000), (2, 3, "2027-01-31", 2_000)]
    assert await settled(named.transaction_id) == [(3, 3, "2027-02-28", 10_000)]
    async with harness.database.reading([practice.clinic_id]) as connection:
        wanted = [oldest.transaction_id, named.transaction_id, new_id()]
        found = await receipts.installments_of(connection, wanted)
    told = {key: [(one.invoice_number, one.position, one.count) for one in own] for key, own in found.items()}
    assert told == {
        oldest.transaction_id: [(invoice.number, 1, 3), (invoice.number, 2, 3)],
        named.transaction_id: [(invoice.number, 3, 3)],
    }


@pytest.mark.rule("PAY-13.2")
async def test_a_receipt_counts_what_was_moved_to_another_installment(
    harness: ServiceHarness, practice: Practice
) -> None:
    """PAY-13, RCP-2: the next installment is what is left of it once an allocation was moved."""
    invoice, plan_id, parts = practice.invoiced(30_000), new_id(), thirds()
    named = settling(practice.paid(invoice, 10_000), parts[1][0], amount(20_000))
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, parts), named)
    (change,) = named.settlements
    settlements = (
        change.model_copy(update={"change": amount(-4_000)}),
        change.model_copy(update={"change": amount(4_000), "installment_id": parts[0][0]}),
    )
    members = named.model_dump(exclude={"received_at", "treatment_plan_id", "settlements", "transaction_id"})
    moved = AllocationMoved(
        **members, transaction_id=new_id(), payment_id=named.transaction_id, settlements=settlements
    )
    await harness.deliver(moved)
    last = settling(practice.paid(invoice, 1_000), None, amount(19_000))
    await harness.deliver(last)
    assert await next_installment(harness, practice, last.transaction_id) == ("2026-12-31", 5_000)
    async with harness.database.reading([practice.clinic_id]) as connection:
        receipt = await receipts.of_transaction(connection, named.transaction_id)
    assert receipt is not None
    assert (receipt.voided, receipt.amount.minor) == (None, 10_000)


@pytest.mark.rule("RCP-2.4")
async def test_a_receipt_counts_what_credit_settled_and_what_was_released_or_taken_back(
    harness: ServiceHarness, practice: Practice
) -> None:
    """PLN-2, PAY-11, INS-9: whatever settles an installment or leaves it, by its name, is known at the next receipt."""
    invoice, parts = practice.invoiced(30_000), thirds()
    await harness.deliver(invoice, practice.agreed(invoice, new_id(), parts))
    payment = settling(practice.paid(invoice, 4_000), parts[2][0], amount(26_000))
    members = payment.model_dump(exclude={"received_at", "treatment_plan_id", "transaction_id"})
    credit = CreditApplied(**members, transaction_id=new_id())
    await harness.deliver(payment, credit)
    (change,) = payment.settlements

    async def next_after(minor: int, outstanding: int) -> Any:
        last = settling(practice.paid(invoice, minor), None, amount(outstanding))
        await harness.deliver(last)
        return await next_installment(harness, practice, last.transaction_id)

    assert await next_after(10_000, 12_000) == ("2027-01-31", 10_000)
    back = {"settlements": (change.model_copy(update={"change": amount(-1_000)}),)}
    taken = PaymentTakenBack(
        **(members | back),
        transaction_id=new_id(),
        payment_id=payment.transaction_id,
        taken_back_so_far=amount(1_000),
    )
    released = AllocationReleased(
        **({name: members[name] for name in ("clinic_id", "patient_id", "occurred_at", "by")} | back),
        release_id=new_id(),
        cause="invoice_credited",
        patient_credit_change=amount(1_000),
        patient_credit_balance=amount(1_000),
    )
    await harness.deliver(taken, released)
    assert await next_after(10_000, 4_000) == ("2027-02-28", 4_000)


async def test_what_was_named_counts_from_the_newest_version_on(harness: ServiceHarness, practice: Practice) -> None:
    """PLN-5: a version is told with what remained of each installment by then."""
    invoice, plan_id, parts = practice.invoiced(30_000), new_id(), thirds()
    named = settling(practice.paid(invoice, 10_000), parts[0][0], amount(20_000))
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, parts), named)
    (first, *others) = parts
    kept = ((*first[:3], 0), *others)
    await harness.deliver(practice.rescheduled(invoice, plan_id, kept))
    following = settling(practice.paid(invoice, 2_500), None, amount(17_500))
    await harness.deliver(following)
    assert await next_installment(harness, practice, following.transaction_id) == ("2027-01-31", 7_500)


async def test_a_plan_that_ended_has_no_next_installment(harness: ServiceHarness, practice: Practice) -> None:
    invoice, plan_id, parts = practice.invoiced(30_000), new_id(), thirds()
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, parts))
    await harness.deliver(practice.plan_ended(invoice, plan_id, parts, version=2))
    payment = settling(practice.paid(invoice, 2_500), None, amount(27_500))
    await harness.deliver(payment)
    assert await next_installment(harness, practice, payment.transaction_id) is None


async def test_a_payment_of_an_installment_waits_for_its_plan(harness: ServiceHarness, practice: Practice) -> None:
    """Invoices and payments are topics of their own: the payment may be heard of first."""
    invoice, plan_id, parts = practice.invoiced(30_000), new_id(), thirds()
    named = settling(practice.paid(invoice, 10_000), parts[0][0], amount(20_000))
    await harness.deliver(invoice, named)
    (waiting,) = [one for one in await harness.set_aside() if one.key == str(practice.patient_id)]
    assert "installment plan" in waiting.reason
    await harness.deliver(practice.agreed(invoice, plan_id, parts))

    async def numbered() -> bool:
        await harness.retry()
        async with harness.database.reading([practice.clinic_id]) as connection:
            return await receipts.of_transaction(connection, named.transaction_id) is not None

    await eventually(numbered, within_seconds=30)
    assert await next_installment(harness, practice, named.transaction_id) == ("2027-01-31", 10_000)
