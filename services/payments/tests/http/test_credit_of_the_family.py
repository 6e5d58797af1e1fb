"""Credit of one patient may settle another's invoice, as a payment may (PAY-14)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import CreditApplicationCancelled, CreditApplied
from payments_desk import FrontDesk, good, problem, usd


async def apply(desk: FrontDesk, *wishes: dict[str, Any], **body: Any) -> httpx.Response:
    body = {"reason": "the child's filling", "allocations": list(wishes)} | body
    return await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/applications", json=body)


def named(invoice: UUID, amount: str | None = None) -> dict[str, Any]:
    return {"invoice_id": str(invoice)} | ({} if amount is None else {"amount": usd(amount)})


async def kinds(desk: FrontDesk, patient: UUID) -> list[str]:
    return [line["kind"] for line in await desk.account(patient)]


@pytest.mark.rule("PAY-14.1")
async def test_a_mothers_credit_settles_her_childs_invoice(desk: FrontDesk) -> None:
    """It was 404 with Retry-After for ever, while her payment on it was taken."""
    child = new_id()
    invoice = await desk.invoice("50.00", patient_id=child)
    payment = await desk.paid("80.00")
    applied = good(await apply(desk, named(invoice)), 201)
    assert (applied["patient_id"], applied["amount"]) == (str(desk.patient_id), usd("50.00"))
    assert applied["patient_credit_change"] == usd("-50.00")
    assert [
        (settlement["invoice_id"], settlement["payment_id"], settlement["change"])
        for settlement in applied["settlements"]
    ] == [(str(invoice), payment["id"], usd("50.00"))]
    assert (await desk.outstanding(invoice), await desk.credit(), await desk.credit(child)) == ("0.00", "30.00", "0.00")
    shown = good(await desk.client.get(f"/v1/transactions/{applied['id']}"))
    assert shown == applied
    assert [line["change"] for line in await desk.account(child)] == [usd("50.00"), usd("-50.00")]
    assert await kinds(desk, child) == ["invoice", "credit_application"]
    assert [line["change"] for line in await desk.account()] == [usd("-80.00"), usd("50.00")]
    (event,) = await desk.events(CreditApplied)
    assert (event.patient_id, event.patient_credit_balance.amount) == (desk.patient_id, "30.00")


async def test_it_is_the_mothers_again_where_the_application_was_a_mistake(desk: FrontDesk) -> None:
    """PAY-5: of her own and of her child's invoices at once."""
    child = new_id()
    hers, childs = await desk.invoice("10.00"), await desk.invoice("50.00", patient_id=child)
    await desk.paid("80.00")
    applied = good(await apply(desk, named(hers), named(childs)), 201)
    assert good(await desk.client.get(f"/v1/transactions/{applied['id']}"))["settlements"] == applied["settlements"]
    path = f"/v1/transactions/{applied['id']}/cancellation"
    undone = good(await desk.client.post(path, json={"reason": "wrong"}), 201)
    assert (undone["amount"], undone["patient_id"]) == (usd("60.00"), str(desk.patient_id))
    assert await desk.outstanding(childs) == "50.00"
    assert (await desk.credit(), await desk.credit(child)) == ("80.00", "0.00")
    assert await kinds(desk, child) == ["invoice", "credit_application", "application_cancellation"]
    (event,) = await desk.events(CreditApplicationCancelled)
    assert {settlement.invoice_id for settlement in event.settlements} == {hers, childs}
    assert good(await desk.client.post(path, json={"reason": "wrong"}), 200) == undone


async def test_of_itself_credit_settles_its_own_patients_invoices_only(desk: FrontDesk) -> None:
    child = new_id()
    invoice = await desk.invoice("50.00", patient_id=child)
    await desk.paid("80.00")
    problem(await apply(desk), 409, "nothing-to-settle")
    refused = problem(await apply(desk, named(invoice), amount=usd("50.01")), 422, "more-than-outstanding")
    assert refused["outstanding"][0]["outstanding"] == usd("50.00")
    problem(await apply(desk, named(new_id())), 404, "invoice-unknown")
    assert await desk.outstanding(invoice) == "50.00"


async def test_another_clinics_invoice_stays_unknown(desk: FrontDesk) -> None:
    """ALL-4."""
    elsewhere = FrontDesk(desk.harness)
    try:
        await elsewhere.configure()
        invoice = await elsewhere.invoice("50.00", patient_id=desk.patient_id)
        await desk.paid("80.00")
        problem(await apply(desk, named(invoice)), 404, "invoice-unknown")
    finally:
        await elsewhere.client.aclose()


@pytest.mark.parametrize("_round", range(3))
async def test_parents_who_apply_at_once_settle_the_invoice_once(desk: FrontDesk, _round: int) -> None:
    """PAY-11."""
    father, child = new_id(), new_id()
    invoice = await desk.invoice("50.00", patient_id=child)
    await desk.paid("40.00")
    await desk.paid("40.00", patient_id=str(father))
    body = {"reason": "the child's filling", "allocations": [named(invoice)]}
    answers = await asyncio.gather(
        *(
            desk.client.post(f"/v1/patients/{id_}/credit/applications", json=body)
            for id_ in (desk.patient_id, father, desk.patient_id, father)
        )
    )
    assert {answer.status_code for answer in answers} <= {201, 409, 422}
    assert await desk.outstanding(invoice) == "0.00"
    assert float(await desk.credit()) + float(await desk.credit(father)) == 30
