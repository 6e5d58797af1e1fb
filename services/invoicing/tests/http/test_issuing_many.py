"""Chosen drafts are issued in one go: all, or none and each that failed is named."""

from __future__ import annotations

from typing import Any

from chassis.identifiers import new_id
from contracts.invoicing import InvoiceIssued


async def drafts(clinic: Any, count: int) -> list[str]:
    made = [await clinic.invoice(clinic.custom(f"{n}.00"), issue=False) for n in range(1, count + 1)]
    return [one["id"] for one in made]


async def issue(clinic: Any, ids: list[str], status: int = 200) -> dict[str, Any]:
    found: dict[str, Any] = await clinic.post("/v1/invoices/issue", {"invoice_ids": ids}, status)
    return found


async def test_drafts_are_numbered_in_the_order_given(clinic: Any) -> None:
    ids = await drafts(clinic, 4)
    wanted = [ids[2], ids[0], ids[3], ids[1]]
    found = (await issue(clinic, wanted))["items"]
    assert [(one["id"], one["number"]) for one in found] == [
        (id_, f"INV-2026-{n:06}") for n, id_ in enumerate(wanted, start=1)
    ]
    assert {one["status"] for one in found} == {"issued"}
    assert [str(one.invoice_id) for one in await clinic.announced(InvoiceIssued)] == wanted
    await clinic.prove()


async def test_one_that_cannot_be_issued_keeps_all_from_it_and_is_named(clinic: Any) -> None:
    ids = await drafts(clinic, 2)
    empty = await clinic.invoice(issue=False)
    done = await clinic.invoice(clinic.custom("1.00"))
    early = await clinic.invoice(clinic.custom("1.00"), issue=False, due_date="2020-01-01")
    unknown = str(new_id())
    refused = await issue(clinic, [ids[0], empty["id"], done["id"], early["id"], unknown, ids[1]], 409)
    assert refused["type"].endswith("not-all-issued")
    assert [error["field"] for error in refused["errors"]] == [f"invoice_ids[{n}]" for n in (1, 2, 3, 4)]
    assert [(failure["invoice_id"], failure["type"].rpartition(":")[2]) for failure in refused["failures"]] == [
        (empty["id"], "empty-invoice"),
        (done["id"], "wrong-state"),
        (early["id"], "invalid-request"),
        (unknown, "not-found"),
    ]
    assert {one["status"] for one in await clinic.listed() if one["id"] in ids} == {"draft"}
    assert (await issue(clinic, ids))["items"][0]["number"] == "INV-2026-000002"


async def test_a_procedure_without_a_price_is_named_too(clinic: Any) -> None:
    await clinic.configure(auto_issue=False)
    await clinic.harness.deliver(clinic.completed(new_id(), None))
    (draft,) = await clinic.listed()
    refused = await issue(clinic, [draft["id"]], 409)
    assert refused["failures"][0]["type"].endswith("price-not-reviewed")


async def test_a_draft_named_twice_too_many_or_none_are_refused(clinic: Any) -> None:
    (one,) = await drafts(clinic, 1)
    assert (await issue(clinic, [one, one], 422))["errors"][0]["field"] == "invoice_ids[1]"
    assert (await issue(clinic, [], 422))["errors"][0]["field"] == "invoice_ids"
    assert (await issue(clinic, [str(new_id()) for _ in range(201)], 422))["errors"][0]["field"] == "invoice_ids"


async def test_two_hundred_drafts_are_issued_in_one_go(clinic: Any) -> None:
    ids = await drafts(clinic, 200)
    found = (await issue(clinic, ids))["items"]
    assert [one["number"] for one in found] == [f"INV-2026-{n:06}" for n in range(1, 201)]
