"""Credit notes and debit notes over HTTP (`INV-6`, `INV-9`, `MON-5`)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from contracts.payments import PaymentRefunded


async def credit(clinic: Any, invoice: dict[str, Any], status: int = 201, **body: Any) -> dict[str, Any]:
    path = f"/v1/invoices/{invoice['id']}/credit-notes"
    found: dict[str, Any] = await clinic.post(path, {"kind": "courtesy", "reason": "long wait"} | body, status)
    return found


async def test_four_partial_credit_notes_add_up_to_the_cent(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("334.99", tax_category="S"))
    line_id = made["lines"][0]["id"]
    for part in ("83.75", "83.75", "83.75"):
        await credit(clinic, made, lines=[{"line_id": line_id, "amount": clinic.usd(part)}])
    await credit(clinic, made, lines=[{"line_id": line_id}])
    found = await clinic.read(made["id"])
    assert (found["outstanding"], found["credited"]) == (clinic.usd("0.00"), made["totals"]["total"])
    assert [note["number"] for note in found["notes"]] == [f"CN-2026-{n:06}" for n in (1, 2, 3, 4)]
    events = await clinic.announced(InvoiceCredited)
    assert sum(int(event.total.amount.replace(".", "")) for event in events) == 40869
    await clinic.prove()


async def test_a_credit_of_a_total_is_divided_over_the_tax_groups(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("100.00", tax_category="S"))
    note = await credit(clinic, made, amount=clinic.usd("22.20"))
    assert [(line["tax_category"], line["net"]["amount"], line["tax"]["amount"]) for line in note["lines"]] == [
        ("E", "10.00", "0.00"),
        ("S", "10.00", "2.20"),
    ]
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("199.80")


async def test_more_than_is_left_is_refused_naming_what_is_left(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    refused = await credit(clinic, made, 422, amount=clinic.usd("100.01"))
    assert (refused["left"], refused["errors"][0]["field"]) == (clinic.usd("100.00"), "amount")
    everything = await credit(clinic, made)
    assert everything["total"] == clinic.usd("100.00")
    await credit(clinic, made, 422)


async def test_a_line_credited_by_zero_is_refused_and_not_credited_whole(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    lines = [{"line_id": made["lines"][0]["id"], "amount": clinic.usd("0.00")}]
    refused = await credit(clinic, made, 422, lines=lines)
    assert refused["errors"][0]["field"] == "lines[0].amount"
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("100.00")


async def test_a_credit_on_a_paid_invoice_never_takes_it_below_zero(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(made, "100.00")
    await credit(clinic, made, amount=clinic.usd("30.00"))
    found = await clinic.read(made["id"])
    assert (found["status"], found["outstanding"], found["settled"]) == (
        "paid",
        clinic.usd("0.00"),
        clinic.usd("100.00"),
    )


async def test_a_write_off_closes_an_invoice_until_it_is_undone(clinic: Any) -> None:
    """INV-16."""
    made = await clinic.invoice(clinic.custom("100.00"))
    note = await credit(clinic, made, kind="write_off")
    assert (await clinic.read(made["id"]))["status"] == "written_off"
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "he came back"})
    assert (await clinic.read(made["id"]))["status"] == "issued"
    await credit(clinic, made)
    assert (await clinic.read(made["id"]))["status"] == "credited"


async def test_a_draft_cannot_be_credited(clinic: Any) -> None:
    draft = await clinic.invoice(clinic.custom("100.00"), issue=False)
    assert (await credit(clinic, draft, 409))["type"].endswith("wrong-state")


async def test_a_late_fee_raises_what_is_asked_for(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    body = {"kind": "late_fee", "reason": "second reminder", "amount": clinic.usd("10.00"), "tax_category": "S"}
    note = await clinic.post(f"/v1/invoices/{made['id']}/debit-notes", body)
    assert (note["number"], note["tax"], note["total"]) == ("DN-2026-000001", clinic.usd("2.20"), clinic.usd("12.20"))
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("112.20")
    (event,) = await clinic.announced(InvoiceDebited)
    assert (event.kind, event.total.amount) == ("late_fee", "12.20")


@pytest.mark.rule("INV-6.4")
@pytest.mark.parametrize("side", ["credit", "debit"])
async def test_a_wrong_note_is_undone_by_its_opposite_and_once(clinic: Any, side: str) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    body = {"kind": "courtesy" if side == "credit" else "correction", "reason": "typo", "amount": clinic.usd("33.33")}
    note = await clinic.post(f"/v1/invoices/{made['id']}/{side}-notes", body)
    path = f"/v1/{side}-notes/{note['id']}/undo"
    undoing = await clinic.post(path, {"reason": "it was not a typo"})
    assert (undoing["undoes_id"], undoing["total"], undoing["side"] != side) == (note["id"], note["total"], True)
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("100.00")
    assert (await clinic.post(path, {"reason": "again"}, 409))["type"].endswith("note-already-undone")
    other = "debit" if side == "credit" else "credit"
    refused = await clinic.post(f"/v1/{other}-notes/{undoing['id']}/undo", {"reason": "no"}, 409)
    assert refused["type"].endswith("note-cannot-be-undone")
    assert (await clinic.post(f"/v1/{side}-notes/{new_id()}/undo", {"reason": "no"}, 404))["status"] == 404
    await clinic.prove()


@pytest.mark.parametrize(("first", "then"), [("S", "E"), ("E", "S")])
async def test_a_refund_of_all_leaves_each_group_of_invoice_and_debit_note_at_zero(
    clinic: Any, first: str, then: str
) -> None:
    """MON-11: the tax credited is the tax that there is, whichever document has it."""
    made = await clinic.invoice(clinic.custom("100.00", tax_category=first))
    fee = {"kind": "late_fee", "reason": "late", "amount": clinic.usd("100.00"), "tax_category": then}
    await clinic.post(f"/v1/invoices/{made['id']}/debit-notes", fee)
    payment = await clinic.settle(made, "222.00")
    refund = {"credited": "222.00", "of_payment": payment.settlements[0].payment_id}
    await clinic.settle(made, "-222.00", PaymentRefunded, **refund)
    found = await clinic.read(made["id"])
    (credit_note,) = [note for note in found["notes"] if note["side"] == "credit"]
    assert {line["tax_category"]: (line["net"]["amount"], line["tax"]["amount"]) for line in credit_note["lines"]} == {
        "E": ("100.00", "0.00"),
        "S": ("100.00", "22.00"),
    }
    assert found["outstanding"] == clinic.usd("0.00")
    await clinic.prove()


async def test_all_that_is_left_reaches_debit_notes_and_a_write_off_does_too(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    fee = {"kind": "late_fee", "reason": "late", "amount": clinic.usd("27.47"), "tax_category": "S"}
    await clinic.post(f"/v1/invoices/{made['id']}/debit-notes", fee)
    note = await credit(clinic, made, kind="write_off", reason="cannot pay")
    assert note["total"] == clinic.usd("133.51")
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("0.00")


async def test_a_debit_note_is_credited_in_part_and_then_not_undone(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    fee = {"kind": "late_fee", "reason": "late", "amount": clinic.usd("10.00"), "tax_category": "S"}
    debit = await clinic.post(f"/v1/invoices/{made['id']}/debit-notes", fee)
    half = {"debit_note_id": debit["id"], "amount": clinic.usd("5.00")}
    note = await credit(clinic, made, lines=[half])
    assert (note["lines"][0]["debit_note_id"], note["total"]) == (debit["id"], clinic.usd("6.10"))
    refused = await clinic.post(f"/v1/debit-notes/{debit['id']}/undo", {"reason": "typo"}, 409)
    assert (refused["type"].split(":")[-1], refused["left"]) == ("debit-note-credited", clinic.usd("5.00"))
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "typo"})
    await clinic.post(f"/v1/debit-notes/{debit['id']}/undo", {"reason": "typo"})
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("100.00")
    (event, *_) = await clinic.announced(InvoiceCredited)
    assert str(event.lines[0].debit_note_id) == debit["id"]
    await clinic.prove()


async def test_a_credited_line_names_a_line_or_a_debit_note(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    both = {"line_id": made["lines"][0]["id"], "debit_note_id": str(new_id())}
    for wrong in ({}, both):
        assert (await credit(clinic, made, 422, lines=[wrong]))["errors"][0]["field"] == "lines[0].line_id"


@pytest.mark.rule("INV-6.3")
async def test_each_kind_of_note_is_numbered_and_says_why_and_who(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    for side, kinds in (
        ("credit", ("courtesy", "price_correction", "write_off")),
        ("debit", ("late_fee", "correction")),
    ):
        for kind in kinds:
            body = {"kind": kind, "reason": f"why {kind}", "amount": clinic.usd("1.00")}
            await clinic.post(f"/v1/invoices/{made['id']}/{side}-notes", body)
    await clinic.settle(made, "20.00")
    await clinic.settle(made, "-5.00", PaymentRefunded, credited="5.00")
    found = await clinic.read(made["id"])
    assert [(note["number"], note["kind"], note["author"]) for note in found["notes"]] == [
        ("CN-2026-000001", "courtesy", "clerk:test"),
        ("CN-2026-000002", "price_correction", "clerk:test"),
        ("CN-2026-000003", "write_off", "clerk:test"),
        ("DN-2026-000001", "late_fee", "clerk:test"),
        ("DN-2026-000002", "correction", "clerk:test"),
        ("CN-2026-000004", "refund_adjustment", found["notes"][-1]["author"]),
    ]
    assert [note["reason"] for note in found["notes"][:5]] == [f"why {note['kind']}" for note in found["notes"][:5]]
    assert all(note["reason"] and note["author"] for note in found["notes"])
    assert (found["totals"], found["lines"]) == (made["totals"], made["lines"])
