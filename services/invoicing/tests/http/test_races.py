"""Clerks at once on one invoice, on a real PostgreSQL: its documents never contradict each other (`INV-6`, `INV-8`)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from contracts.invoicing import InvoiceCredited, InvoiceDebited, InvoiceVoided

ROUNDS = range(5)


@pytest.fixture
async def invoice(clinic: Any) -> dict[str, Any]:
    made: dict[str, Any] = await clinic.invoice(clinic.custom("100.00"))
    return made


async def asked(clinic: Any, invoice: dict[str, Any], step: str, amount: str | None = None) -> Any:
    kinds = {"credit-notes": {"kind": "courtesy"}, "debit-notes": {"kind": "late_fee"}}
    body = {"reason": "at once"} | kinds.get(step, {}) | ({"amount": clinic.usd(amount)} if amount else {})
    return await clinic.api.post(f"/v1/invoices/{invoice['id']}/{step}", json=body)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_of_two_credit_notes_that_exceed_the_invoice_together_one_wins(
    clinic: Any, invoice: dict[str, Any], _round: int
) -> None:
    """MON-5."""
    answers = await asyncio.gather(*(asked(clinic, invoice, "credit-notes", "80.00") for _ in range(2)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 1}
    (refused,) = [answer.json() for answer in answers if answer.status_code == 422]
    assert (refused["left"], refused["errors"][0]["field"]) == (clinic.usd("20.00"), "amount")
    found = await clinic.read(invoice["id"])
    assert (found["credited"], found["outstanding"]) == (clinic.usd("80.00"), clinic.usd("20.00"))
    assert len(found["notes"]) == len(await clinic.announced(InvoiceCredited)) == 1
    await clinic.prove()


async def test_credit_notes_at_once_add_up_to_the_invoice_and_no_further(clinic: Any, invoice: dict[str, Any]) -> None:
    answers = await asyncio.gather(*(asked(clinic, invoice, "credit-notes", "15.00") for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 6, 422: 4}
    found = await clinic.read(invoice["id"])
    assert (found["credited"], found["outstanding"]) == (clinic.usd("90.00"), clinic.usd("10.00"))
    assert sorted(note["number"] for note in found["notes"]) == [f"CN-2026-{n:06}" for n in range(1, 7)]
    await clinic.prove()


@pytest.mark.parametrize("_round", ROUNDS)
@pytest.mark.parametrize(("step", "contract"), [("debit-notes", InvoiceDebited), ("credit-notes", InvoiceCredited)])
async def test_void_and_note_at_once_leave_a_void_invoice_with_a_note_from_before_or_none(
    clinic: Any, invoice: dict[str, Any], step: str, contract: type[Any], _round: int
) -> None:
    noted, voided = await asyncio.gather(asked(clinic, invoice, step, "10.00"), asked(clinic, invoice, "void"))
    assert voided.status_code == 200, voided.text
    assert noted.status_code in (201, 409), noted.text
    found = await clinic.read(invoice["id"])
    assert (found["status"], found["outstanding"]) == ("void", clinic.usd("0.00"))
    assert len(found["notes"]) == (noted.status_code == 201)
    notes, voids = [await clinic.harness.announced(one, clinic_id=clinic.id) for one in (contract, InvoiceVoided)]
    assert (len(notes), len(voids)) == (len(found["notes"]), 1)
    assert all(note.sequence < voids[0].sequence for note in notes)
    await clinic.prove()


async def test_one_note_undone_by_many_is_undone_once(clinic: Any, invoice: dict[str, Any]) -> None:
    note = (await asked(clinic, invoice, "credit-notes", "30.00")).json()
    path, body = f"/v1/credit-notes/{note['id']}/undo", {"reason": "at once"}
    answers = await asyncio.gather(*(clinic.api.post(path, json=body) for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 3}
    assert (await clinic.read(invoice["id"]))["outstanding"] == clinic.usd("100.00")
    await clinic.prove()


async def test_of_voids_at_once_one_is_the_void(clinic: Any, invoice: dict[str, Any]) -> None:
    answers = await asyncio.gather(*(asked(clinic, invoice, "void") for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 3}
    assert len(await clinic.announced(InvoiceVoided)) == 1
