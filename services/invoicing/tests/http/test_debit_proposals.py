"""What a bank took back although it had been refunded is proposed to the desk as a debit note (PAY-6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentChargedBack

from contracts import Amount

PROPOSALS = "/v1/debit-proposals"


async def charged_back(clinic: Any, refunded: str | None = "30.00", **more: Any) -> tuple[dict[str, Any], Any]:
    """W19: a payment of 120, of which 30 was refunded in cash; then the check bounced."""
    invoice = await clinic.invoice(clinic.custom("120.00"))
    paid = await clinic.settle(invoice, "90.00")
    before = None if refunded is None else Amount(amount=refunded, currency="USD")
    of_payment = paid.settlements[0].payment_id
    event = await clinic.settle(
        invoice, "-90.00", PaymentChargedBack, of_payment=of_payment, refunded_before=before, **more
    )
    return invoice, event


async def proposals(clinic: Any, **query: str) -> list[dict[str, Any]]:
    answer = await clinic.api.get(PROPOSALS, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def decide(clinic: Any, event: Any, decision: str, **body: Any) -> Any:
    body = {"reason": "the check bounced"} | body
    return await clinic.api.post(f"{PROPOSALS}/{event.transaction_id}/{decision}", json=body)


async def test_what_was_handed_out_is_proposed_and_debited_by_a_person(clinic: Any) -> None:
    invoice, event = await charged_back(clinic)
    (proposed,) = await proposals(clinic, state="open")
    assert (proposed["id"], proposed["amount"], proposed["invoice_id"]) == (
        str(event.transaction_id),
        clinic.usd("30.00"),
        invoice["id"],
    )
    assert (await clinic.read(invoice["id"]))["outstanding"] == clinic.usd("120.00")
    made = await decide(clinic, event, "debit-note")
    assert (made.status_code, made.json()["state"], made.json()["closed_because"]) == (
        201,
        "debited",
        "the check bounced",
    )
    found = await clinic.read(invoice["id"])
    assert found["outstanding"] == clinic.usd("150.00")
    assert [(note["id"], note["kind"]) for note in found["notes"]] == [(made.json()["debit_note_id"], "correction")]
    again = await decide(clinic, event, "debit-note")
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "debit-proposal-closed")
    assert (await proposals(clinic, state="open"), await proposals(clinic, state="debited")) == ([], [made.json()])
    await clinic.prove()


async def test_it_is_dismissed_with_a_reason_and_the_clinic_bears_it(clinic: Any) -> None:
    invoice, event = await charged_back(clinic)
    refused = await decide(clinic, event, "dismissal", reason=" ")
    assert refused.status_code == 422
    done = await decide(clinic, event, "dismissal", reason="goodwill")
    assert (done.status_code, done.json()["state"], done.json()["closed_because"]) == (200, "dismissed", "goodwill")
    assert (await decide(clinic, event, "debit-note")).status_code == 409
    assert (await clinic.read(invoice["id"]))["outstanding"] == clinic.usd("120.00")


async def test_where_no_invoice_was_reopened_the_person_names_one(clinic: Any) -> None:
    invoice, event = await charged_back(clinic, settlements=())
    refused = await decide(clinic, event, "debit-note")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "invoice_id")
    assert (await decide(clinic, event, "debit-note", invoice_id=invoice["id"])).status_code == 201


@pytest.mark.parametrize("refunded", [None, "0.00"])
async def test_nothing_is_proposed_where_nothing_was_refunded(clinic: Any, refunded: str | None) -> None:
    """An event of before says nothing of it."""
    await charged_back(clinic, refunded)
    assert await proposals(clinic) == []


async def test_another_clinics_proposal_is_not_found(clinic: Any) -> None:
    """ALL-4."""
    _, event = await charged_back(clinic)
    async with clinic.harness.client(clinic_id=UUID(int=new_id().int), subject="clerk:other") as other:
        assert (await other.get(PROPOSALS)).json()["items"] == []
        answer = await other.post(f"{PROPOSALS}/{event.transaction_id}/dismissal", json={"reason": "x"})
        assert answer.status_code == 404


@pytest.mark.rule("PAY-6.4")
@pytest.mark.parametrize("gross", [False, True])
async def test_the_patient_owes_what_was_handed_out_whatever_its_tax_and_the_clinics_prices(
    clinic: Any, gross: bool
) -> None:
    """What is proposed is money, of which the tax is a part: nothing is added to it."""
    await clinic.configure(prices_include_tax=gross)
    invoice, event = await charged_back(clinic, "30.01")
    made = await decide(clinic, event, "debit-note", tax_category="S")
    assert made.status_code == 201
    found = await clinic.read(invoice["id"])
    assert found["outstanding"] == clinic.usd("150.01")
    (note,) = found["notes"]
    assert [note[part]["amount"] for part in ("net", "tax", "total")] == ["24.60", "5.41", "30.01"]
    body = {"kind": "courtesy", "reason": "r", "lines": [{"line_id": note["id"]}]}
    back = await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body)
    assert [back[part]["amount"] for part in ("net", "tax", "total")] == ["24.60", "5.41", "30.01"]
