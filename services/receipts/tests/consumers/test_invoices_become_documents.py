"""Issued invoices become frozen content: what the event tells is what the PDF will say."""

from __future__ import annotations

from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.invoicing import InvoiceIssued, PayerShare
from receipts.documents.content.frozen import invoice_from_json
from receipts.domain.printed_invoice import InsurerShare, PrintedInvoice
from receipts.persistence import invoices
from receipts_events import Practice, amount
from receipts_samples import money


async def frozen(harness: ServiceHarness, practice: Practice, event: InvoiceIssued) -> PrintedInvoice:
    async with harness.database.reading([practice.clinic_id]) as connection:
        kept = await invoices.find(connection, event.invoice_id)
    assert kept is not None
    return invoice_from_json(kept.content).invoice


def shares() -> tuple[PayerShare, ...]:
    return (
        PayerShare(payer_id=new_id(), payer_name="Aetna", expected=amount(15_000), write_off=amount(2_000)),
        PayerShare(
            payer_id=new_id(),
            payer_name="Delta Dental",
            payer_sequence="secondary",
            expected=amount(4_125),
            write_off=amount(0),
        ),
    )


async def test_what_insurers_and_the_patient_are_expected_to_pay_is_frozen_as_announced(
    harness: ServiceHarness, practice: Practice
) -> None:
    """INS-1, INS-4."""
    event = practice.invoiced().model_copy(update={"payer_shares": shares(), "patient_share": amount(13_650)})
    await harness.deliver(event, event)
    found = await frozen(harness, practice, event)
    assert found.insurers == (
        InsurerShare(payer_name="Aetna", expected=money("150.00"), write_off=money("20.00"), sequence="primary"),
        InsurerShare(payer_name="Delta Dental", expected=money("41.25"), write_off=money("0"), sequence="secondary"),
    )
    assert found.patient_share == money("136.50")


async def test_an_invoice_without_estimates_says_nothing_of_shares(harness: ServiceHarness, practice: Practice) -> None:
    event = practice.invoiced()
    await harness.deliver(event)
    found = await frozen(harness, practice, event)
    assert (found.insurers, found.patient_share) == ((), None)
