"""A dry run says what saving would, refuses what saving would, and makes nothing."""

from __future__ import annotations

from typing import Any

from chassis.identifiers import new_id
from contracts.invoicing import InvoiceCredited


async def preview(clinic: Any, status: int = 200, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = await clinic.post("/v1/invoices/preview", body, status)
    return found


async def test_a_draft_is_previewed_before_it_is_replaced(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    own, other = clinic.completed(None), clinic.completed(None)
    await clinic.harness.deliver(own, other)
    draft = await clinic.invoice(procedure_ids=[str(own.procedure_id)], issue=False)
    taken = await clinic.invoice(procedure_ids=[str(other.procedure_id)])
    body: dict[str, Any] = {"procedure_ids": [str(own.procedure_id)]}
    body["lines"] = [clinic.custom("20.00", tax_category="S")]
    shown = await preview(clinic, invoice_id=draft["id"], **body)
    assert shown["totals"]["total"] == clinic.usd("124.40")
    assert (await clinic.read(draft["id"]))["totals"]["total"] == clinic.usd("100.00")
    refused = await preview(clinic, 409, **body)
    assert (refused["type"].rpartition(":")[2], refused["invoice_id"]) == ("procedure-already-invoiced", draft["id"])
    refused = await preview(clinic, 409, invoice_id=draft["id"], procedure_ids=[str(other.procedure_id)])
    assert refused["invoice_id"] == taken["id"]
    assert (await preview(clinic, 409, invoice_id=taken["id"], **body))["type"].endswith("wrong-state")
    changed = await clinic.api.put(f"/v1/invoices/{draft['id']}", json=body, headers={"If-Match": '"1"'})
    assert changed.json()["totals"] == shown["totals"]


async def test_a_draft_keeps_the_pricing_it_was_made_with(clinic: Any) -> None:
    """MON-4: also in its preview."""
    draft = await clinic.invoice(clinic.custom("1.00"), issue=False)
    await clinic.configure(prices_include_tax=True)
    lines = [clinic.custom("100.00", tax_category="S")]
    assert (await preview(clinic, invoice_id=draft["id"], lines=lines))["totals"]["total"] == clinic.usd("122.00")
    assert (await preview(clinic, lines=lines))["totals"]["total"] == clinic.usd("100.00")


async def test_what_cannot_be_issued_for_want_of_lines_is_not_previewed_either(clinic: Any) -> None:
    """MON-9: a charge alone is no invoice (EN 16931, BG-25); preview and issue say so in the same words."""
    charge = {"charges": [{"amount": clinic.usd("5.00"), "reason": "delivery"}]}
    refused = await preview(clinic, 422, **charge)
    draft = await clinic.invoice(issue=False, **charge)
    issued = await clinic.post(f"/v1/invoices/{draft['id']}/issue", None, 422)
    assert issued["type"].endswith("empty-invoice")
    assert (refused["type"], refused["errors"]) == (issued["type"], issued["errors"])


async def test_a_reverted_or_unknown_procedure_is_refused_as_when_saving(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    gone, foreign = clinic.completed(None), clinic.completed(None, patient_id=new_id())
    await clinic.harness.deliver(gone, clinic.reverted(gone), foreign)
    draft = await clinic.invoice(clinic.custom("1.00"), issue=False)
    refused = await preview(clinic, 422, procedure_ids=[str(gone.procedure_id)])
    assert refused["type"].endswith("procedure-not-billable")
    refused = await preview(clinic, 422, invoice_id=draft["id"], procedure_ids=[str(foreign.procedure_id)])
    assert refused["type"].endswith("procedure-not-billable")
    assert (await preview(clinic, 404, procedure_ids=[str(new_id())]))["type"].endswith("not-found")


async def test_a_credit_note_is_previewed_to_the_cent_with_what_becomes_credit(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("100.00", tax_category="S"))
    await clinic.settle(made, "200.00")
    body = {"kind": "courtesy", "reason": "long wait", "amount": clinic.usd("22.20")}
    path = f"/v1/invoices/{made['id']}/credit-notes"
    shown = await clinic.post(f"{path}/preview", body, 200)
    assert (shown["outstanding_before"], shown["outstanding_after"]) == (clinic.usd("22.00"), clinic.usd("0.00"))
    assert shown["to_patient_credit"] == clinic.usd("0.20")
    assert (await clinic.read(made["id"]))["notes"] == []
    assert await clinic.announced(InvoiceCredited) == []
    note = await clinic.post(path, body)
    assert {name: note[name] for name in ("lines", "net", "tax", "total")} == {
        name: shown[name] for name in ("lines", "net", "tax", "total")
    }


async def test_a_debit_note_is_previewed(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    body = {"kind": "late_fee", "reason": "r", "amount": clinic.usd("10.00"), "tax_category": "S"}
    shown = await clinic.post(f"/v1/invoices/{made['id']}/debit-notes/preview", body, 200)
    assert (shown["total"], shown["outstanding_after"]) == (clinic.usd("12.20"), clinic.usd("112.20"))
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("100.00")


async def test_previews_of_notes_refuse_what_making_them_would(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    draft = await clinic.invoice(clinic.custom("100.00"), issue=False)
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("100.01")}
    refused = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes/preview", body, 422)
    assert refused["left"] == clinic.usd("100.00")
    assert (await clinic.post(f"/v1/invoices/{draft['id']}/credit-notes/preview", body, 409))["status"] == 409
    await clinic.close_books("2026-11-24")
    refused = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes/preview", body, 409)
    assert refused["closed_until"] == "2026-11-24"
