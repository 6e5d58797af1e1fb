"""The list of what a person is to look at: filtered, paged, closed with who and why (`INV-1`)."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from invoicing.domain.review import Review
from invoicing.http.report_responses import Cause
from invoicing.persistence import drafts


async def reverted_invoice(clinic: Any) -> tuple[dict[str, Any], Any]:
    visit = new_id()
    procedure = clinic.completed(visit, patient_id=new_id())
    patient = {"patient_id": procedure.patient_id}
    reverted = clinic.reverted(procedure).model_copy(update=patient)
    await clinic.harness.deliver(procedure, clinic.closed(visit, **patient), reverted)
    (invoice,) = await clinic.listed(patient_id=str(procedure.patient_id))
    return invoice, procedure


async def test_reviews_are_filtered_by_patient_invoice_cause_and_state(clinic: Any) -> None:
    first, procedure = await reverted_invoice(clinic)
    second, _ = await reverted_invoice(clinic)
    await clinic.harness.deliver(clinic.completed(new_id(), None))
    path = "/v1/invoice-reviews"
    assert len(await clinic.listed(path)) == 3
    for wanted in ({"patient_id": str(procedure.patient_id)}, {"invoice_id": first["id"]}):
        (found,) = await clinic.listed(path, **wanted)
        assert (found["invoice_id"], found["number"]) == (first["id"], first["number"])
    assert {one["cause"] for one in await clinic.listed(path, cause="price_missing")} == {"price_missing"}
    assert await clinic.listed(path, state="closed") == []
    await clinic.post(f"/v1/invoices/{second['id']}/review", {"reason": "credited by hand"}, 200)
    (closed,) = await clinic.listed(path, state="closed")
    assert (closed["invoice_id"], closed["closed_by"]) == (second["id"], "clerk:test")
    assert closed["closed_because"] == "credited by hand"
    assert len(await clinic.listed(path)) == 2
    assert (await clinic.api.get(path, params={"cause": "rain"})).status_code == 422


async def test_reviews_are_paged(clinic: Any) -> None:
    made = [(await reverted_invoice(clinic))[0]["id"] for _ in range(3)]
    page = (await clinic.api.get("/v1/invoice-reviews", params={"limit": 2})).json()
    rest = (await clinic.api.get("/v1/invoice-reviews", params={"limit": 2, "cursor": page["next"]})).json()
    assert [one["invoice_id"] for one in page["items"] + rest["items"]] == made
    assert rest["next"] is None


async def test_a_review_is_closed_with_a_reason(clinic: Any) -> None:
    made, _ = await reverted_invoice(clinic)
    refused = await clinic.post(f"/v1/invoices/{made['id']}/review", {}, 422)
    assert refused["errors"][0]["field"] == "reason"


@pytest.mark.parametrize("cause", get_args(Cause))
async def test_a_review_of_any_cause_can_be_closed(clinic: Any, cause: str) -> None:
    """Whoever marked it: a reversal, a missing price, an insurer's decision."""
    made = await clinic.invoice(clinic.custom("1.00"))
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        await drafts.mark_for_review(work.connection, [Review(clinic.id, UUID(made["id"]), cause)], work.now)
    (found,) = await clinic.listed("/v1/invoice-reviews", cause=cause)
    await clinic.post(f"/v1/invoices/{made['id']}/review", {"reason": "looked at"}, 200)
    assert await clinic.listed("/v1/invoice-reviews") == []
    (closed,) = await clinic.listed("/v1/invoice-reviews", state="closed", cause=cause)
    assert closed["id"] == found["id"]
