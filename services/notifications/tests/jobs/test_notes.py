"""Credit and debit notes go to the patient where the clinic asks for it, and to nobody else (NOT-1.5)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.event import Actor, Amount
from contracts.invoicing import InvoiceCredited, InvoiceDebited

pytestmark = pytest.mark.rule("NOT-1.5")

CLERK = Actor(subject="clerk:test")


def usd(amount: str) -> Amount:
    return Amount(amount=amount, currency="USD")


def noted(practice: Any, invoice: Any, amount: str, **changes: Any) -> dict[str, Any]:
    given = {
        "clinic_id": practice.clinic_id,
        "occurred_at": practice.at,
        "invoice_id": invoice.invoice_id,
        "patient_id": practice.patient_id,
        "number": "N-2026-000003",
        "invoice_number": invoice.number,
        "issue_date": practice.at.date(),
        "reason": "Not as agreed",
        "lines": (),
        "net": usd(amount),
        "tax": usd("0.00"),
        "total": usd(amount),
        "by": CLERK,
    }
    return given | changes


def credited(practice: Any, invoice: Any, amount: str = "20.00", **changes: Any) -> InvoiceCredited:
    kind = changes.pop("kind", "courtesy")
    return InvoiceCredited(**noted(practice, invoice, amount, **changes), credit_note_id=new_id(), kind=kind)


def debited(practice: Any, invoice: Any, amount: str = "5.00", **changes: Any) -> InvoiceDebited:
    kind = changes.pop("kind", "late_fee")
    return InvoiceDebited(**noted(practice, invoice, amount, **changes), debit_note_id=new_id(), kind=kind)


async def asked_for(desk: Any, practice: Any) -> Any:
    """An invoice of a clinic that has notes mailed; the mail of the invoice itself is out already."""
    body = {"notices": {"invoice_credited": {}, "invoice_debited": {}}, "reason": "our accountant asks for it"}
    async with desk.harness.client("settings:write", practice.clinic_id) as owner:
        answer = await owner.put("/v1/notification-settings", json=body, headers={"If-Match": '"0"'})
        assert answer.status_code == 200, answer.text
    return await issued(desk, practice)


async def issued(desk: Any, practice: Any) -> Any:
    invoice = practice.issued_invoice()
    await desk.tell(practice.configured(), practice.registered(), invoice)
    desk.mail.taken.clear()
    desk.documents.asked.clear()
    return invoice


async def test_notes_are_mailed_with_their_pdf_where_the_clinic_asks_for_it(desk: Any, practice: Any) -> None:
    invoice = await asked_for(desk, practice)
    credit, debit = credited(practice, invoice), debited(practice, invoice)
    await desk.tell(credit)
    await desk.tell(debit)
    assert desk.documents.asked == [
        f"/v1/credit-notes/{credit.credit_note_id}/pdf",
        f"/v1/debit-notes/{debit.debit_note_id}/pdf",
    ]
    first, second = desk.mail.taken
    assert first["Subject"] == "Credit note N-2026-000003 from Smile Dental"
    said = first.get_body(("plain",)).get_content()
    for part in ("Credit note: N-2026-000003", f"Invoice: {invoice.number}", "Amount: $20.00", "Still open: $100.00"):
        assert part in said
    assert "Still open: $105.00" in second.get_body(("plain",)).get_content()


async def test_nobody_is_mailed_a_note_where_the_clinic_does_not_ask_for_it(desk: Any, practice: Any) -> None:
    invoice = await issued(desk, practice)
    before = await desk.messages(practice)
    await desk.tell(credited(practice, invoice), debited(practice, invoice))
    assert await desk.messages(practice) == before


@pytest.mark.parametrize(
    "own",
    [{"kind": "write_off", "purpose": "bad_debt"}, {"kind": "contractual_write_off", "decision_id": new_id()}],
)
async def test_what_is_written_off_is_not_told(desk: Any, practice: Any, own: dict[str, Any]) -> None:
    invoice = await asked_for(desk, practice)
    await desk.tell(credited(practice, invoice, **own))
    await desk.tell(debited(practice, invoice, kind="correction", purpose="bad_debt_recovery"))
    assert desk.mail.taken == []


async def test_a_note_without_consent_to_documents_is_not_mailed_and_one_of_a_void_invoice_neither(
    desk: Any, practice: Any
) -> None:
    invoice = await asked_for(desk, practice)
    await desk.harness.deliver(practice.changed(2, ("reminders",)))
    await desk.tell(credited(practice, invoice))
    await desk.harness.deliver(practice.changed(3), practice.voided(invoice))
    await desk.tell(credited(practice, invoice))
    assert {
        message["cause"] for message in await desk.messages(practice) if message["notice"] == "invoice_credited"
    } == {
        "no_consent",
        "no_longer_true",
    }
    assert desk.mail.taken == []
