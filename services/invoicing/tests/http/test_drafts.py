"""A draft is changed, deleted, issued; an issued invoice stays as it is (`INV-6`, `ALL-3`)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceDrafted, InvoiceIssued
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


@pytest.mark.rule("INV-6.1", "INV-7.5")
async def test_a_draft_is_replaced_at_the_version_that_was_read(clinic: Any) -> None:
    draft = await clinic.invoice(clinic.custom("10.00"), issue=False)
    assert (draft["number"], draft["status"], draft["outstanding"]) == (None, "draft", clinic.usd("0.00"))
    path, body = f"/v1/invoices/{draft['id']}", {"lines": [clinic.custom("20.00")]}
    assert (await clinic.api.put(path, json=body)).status_code == 428
    changed = await clinic.api.put(path, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["totals"]["total"]) == (200, clinic.usd("20.00"))
    stale = await clinic.api.put(path, json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await clinic.api.get(path)).headers["etag"] == '"2"'


@pytest.mark.rule("INV-6.1")
async def test_a_changed_or_deleted_draft_frees_its_procedures(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    kept, left = clinic.completed(None), clinic.completed(None)
    await clinic.harness.deliver(kept, left)
    ids = [str(kept.procedure_id), str(left.procedure_id)]
    draft = await clinic.invoice(procedure_ids=ids, issue=False)
    path = f"/v1/invoices/{draft['id']}"
    await clinic.api.put(path, json={"procedure_ids": ids[:1]}, headers={"If-Match": '"1"'})
    free = await clinic.listed("/v1/billable-procedures", state="billable")
    assert [one["procedure_id"] for one in free] == ids[1:]
    assert (await clinic.api.delete(path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await clinic.api.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert len(await clinic.listed("/v1/billable-procedures", state="billable")) == 2
    assert (await clinic.api.get(path)).status_code == 404


async def test_a_draft_is_announced_once_and_its_issue_too(clinic: Any) -> None:
    draft = await clinic.invoice(clinic.custom("10.00"), issue=False)
    issued = await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=200)
    assert (issued["number"], issued["version"]) == ("INV-2026-000001", 2)
    (drafted,) = await clinic.announced(InvoiceDrafted)
    (event,) = await clinic.announced(InvoiceIssued)
    assert (drafted.total.amount, event.number) == ("10.00", issued["number"])
    assert (await clinic.read(draft["id"]))["lines"][0]["net"] == clinic.usd("10.00")


async def test_an_empty_draft_is_not_issued(clinic: Any) -> None:
    draft = await clinic.invoice(issue=False)
    refused = await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=422)
    assert refused["errors"][0]["field"] == "lines"


@pytest.mark.rule("INV-6.2")
async def test_an_issued_invoice_cannot_be_changed_deleted_or_issued_again(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("10.00"))
    path, match = f"/v1/invoices/{made['id']}", {"If-Match": '"2"'}
    assert (await clinic.api.put(path, json={"lines": []}, headers=match)).status_code == 409
    assert (await clinic.api.delete(path, headers=match)).status_code == 409
    assert (await clinic.post(f"{path}/issue", status=409))["status"] == 409


@pytest.mark.rule("INV-6.2")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoices SET total_minor = total_minor + 1, net_minor = net_minor + 1 WHERE id = :id",
        "UPDATE invoices SET issue_date = issue_date - 1 WHERE id = :id",
        "UPDATE invoices SET status = 'draft', number = NULL WHERE id = :id",
        "DELETE FROM invoices WHERE id = :id",
    ],
)
async def test_the_database_refuses_to_change_an_issued_invoice(clinic: Any, statement: str) -> None:
    made = await clinic.invoice(clinic.custom("10.00"))
    with pytest.raises(DBAPIError):
        async with clinic.harness.database.transaction([clinic.id], "test") as work:
            await work.connection.execute(text(statement), {"id": made["id"]})


async def test_another_clinic_sees_and_changes_nothing(harness: Any, clinic: Any) -> None:
    """ALL-4."""
    made = await clinic.invoice(clinic.custom("10.00"))
    path = f"/v1/invoices/{made['id']}"
    async with harness.client() as other:
        assert (await other.put("/v1/clinic", json=await _settings(clinic))).status_code == 200
        assert (await other.get(path)).status_code == 404
        assert (await other.post(f"{path}/void", json={"reason": "mine"})).status_code == 404
        assert (await other.get("/v1/invoices")).json()["items"] == []


async def test_reading_and_writing_are_separate_scopes(harness: Any, clinic: Any) -> None:
    """ALL-5."""
    async with harness.client("invoices:read", clinic.id) as reader:
        body = {"patient_id": str(new_id()), "lines": [clinic.custom("1.00")]}
        assert (await reader.post("/v1/invoices", json=body)).status_code == 403
        assert (await reader.get("/v1/invoices")).status_code == 200
        assert (await reader.get("/v1/clinic")).status_code == 403


async def _settings(clinic: Any) -> dict[str, Any]:
    found = (await clinic.api.get("/v1/clinic")).json()
    return {name: found[name] for name in ("name", "currency", "time_zone", "language")}
