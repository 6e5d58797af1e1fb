"""Every kind of wrong row is found by the proof and named by it, and without one it finds none (`ALL-8`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from chassis.testing.planting import planted
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from contracts.event import Amount
from contracts.payments import PaymentRefunded
from invoicing_clinic import Clinic
from invoicing_insurers import Insurer

OTHER = "'00000000-0000-4000-8000-000000000001'"
PLANTED = (
    # Invoices and their series.
    ("invoices SET settled_minor = settled_minor + 1 WHERE status = 'issued'", "invoice {id} settled"),
    ("invoices SET credited_minor = credited_minor + 1 WHERE status = 'issued'", "invoice {id} credited"),
    # What two services left that had taken the same cent twice (`PAY-20`).
    (
        "invoices SET credited_minor = credited_minor + 100000000 WHERE status = 'issued'",
        "invoice {id} credited beyond what it asked for",
    ),
    (
        "settlements SET decided_minor = credited_minor + 1 WHERE kind = 'refund'",
        "credited for refund {transaction_id} on invoice {invoice_id}",
    ),
    ("invoices SET debited_minor = debited_minor + 1 WHERE status = 'issued'", "invoice {id} debited"),
    (
        "invoices SET net_minor = net_minor + 1, total_minor = total_minor + 1 WHERE status = 'issued'",
        "invoice {id} total",
    ),
    ("invoices SET tax_minor = tax_minor + 1, net_minor = net_minor - 1 WHERE tax_minor > 0", "invoice {id} tax"),
    ("invoices SET discount_minor = discount_minor + 1 WHERE status = 'issued'", "invoice {id} discount"),
    ("invoices SET taxes = '[]' WHERE status = 'issued'", "invoice {id} groups"),
    ("invoices SET status = 'void' WHERE status = 'issued'", "invoice {id} void"),
    ("invoices SET status = 'issued' WHERE status = 'void'", "invoice {id} void"),
    ("invoices SET number = 'X' WHERE series_number = 1", "invoice {id} number"),
    ("invoices SET series_number = 99 WHERE series_number = 2", "series invoice"),
    ("invoices SET issue_date = issue_date + 1 WHERE series_number = 1", "invoice {series_number} date"),
    ("invoices SET due_date = issue_date - 1 WHERE status = 'issued'", "invoice {id} due date"),
    ("number_series SET last_number = last_number + 1 WHERE series = 'invoice'", "series invoice"),
    ("number_series SET last_date = last_date + 1 WHERE series = 'credit_note'", "credit_note "),
    ("invoice_lines SET net_minor = net_minor + 1", "invoice {invoice_id} lines"),
    ("invoice_lines SET quantity = 2", "invoice {invoice_id} net"),
    # Notes, and what follows from refunds.
    ("notes SET net_minor = net_minor + 1, total_minor = total_minor + 1", "note {number} net and tax"),
    ("notes SET kind = 'late_fee' WHERE kind = 'courtesy'", "late_fee {id} side"),
    (
        "notes SET tax_minor = tax_minor + 1, net_minor = net_minor - 1 WHERE kind = 'undo_credit_note'",
        "undo_credit_note {id} tax",
    ),
    (f"notes SET invoice_id = {OTHER} WHERE kind = 'undo_credit_note'", "undo_credit_note {id} invoice"),
    ("notes SET number = 'X' WHERE side = 'debit'", "debit note {id} number"),
    (
        f"notes SET refund_id = {OTHER} WHERE refund_id IS NOT NULL",
        "credit note of refund {refund_id} on invoice {invoice_id}",
    ),
    ("note_lines SET net_minor = net_minor + 1", "note "),
    ("settlements SET change_minor = change_minor + 1", "invoice {invoice_id} settled"),
    (
        "settlements SET decided_minor = decided_minor - 1 WHERE kind = 'refund'",
        "credit note of refund {transaction_id}",
    ),
    # The accountant's reports (`PAY-16`).
    ("note_lines SET tax_minor = tax_minor + 1", "tax report tax of clinic {clinic_id}"),
    ("invoices SET credited_minor = credited_minor + 1 WHERE status = 'issued'", "ageing of clinic {clinic_id}"),
    ("settlements SET occurred_at = '2300-01-01'", "collections of clinic {clinic_id}"),
    ("notes SET kind = 'late_fee' WHERE kind = 'courtesy'", "write-offs of clinic {clinic_id}"),
    ("invoices SET forgiven_minor = forgiven_minor + 1 WHERE status = 'issued'", "invoice {id} forgiven"),
    ("invoices SET contractual_minor = contractual_minor + 1 WHERE status = 'issued'", "invoice {id} contractual"),
    # Insurers' decisions.
    (
        "decisions SET patient_minor = patient_minor + 1, other_minor = other_minor - 1",
        "decision {decision_id} patient",
    ),
    ("decisions SET written_off_minor = written_off_minor + 1", "decision {decision_id} charge, paid, adjusted"),
    (
        "decision_lines SET contractual_minor = contractual_minor + 1, other_minor = other_minor - 1",
        "decision {decision_id} line {position} contractual",
    ),
    (f"decision_lines SET payer_id = {OTHER}", "decision {decision_id} line {position} payer"),
    (f"decision_lines SET invoice_id = {OTHER}", "decision {decision_id} line {position} invoice"),
    ("decision_adjustments SET adjustment_group = 'PR' WHERE adjustment_group = 'CO'", "decision {decision_id} line "),
    # What bills what.
    ("billable_procedures SET invoice_id = NULL WHERE invoice_id IS NOT NULL", "procedure {procedure_id} billed by"),
    (f"billable_procedures SET invoice_id = {OTHER}", "procedure {procedure_id} billed by"),
    (
        f"treatment_plan_items SET invoice_id = {OTHER} WHERE invoice_id IS NOT NULL",
        "treatment plan item {item_id} billed by",
    ),
    (f"invoice_lines SET procedure_id = {OTHER} WHERE procedure_id IS NOT NULL", "procedure {procedure_id} billed by"),
    # Installment plans.
    ("installment_plans SET version = version + 1", "installment plan {id} version"),
    ("installment_plans SET ended = true", "live installment plan of invoice {invoice_id}"),
    ("installment_plans SET currency = 'EUR'", "installment plan {id} currency"),
    (
        "invoices SET installment_plan_id = NULL WHERE installment_plan_id IS NOT NULL",
        "live installment plan of invoice {id}",
    ),
    ("installments SET amount_minor = amount_minor + 1", "installment plan {plan_id} remaining"),
    ("installments SET due_date = due_date + 1", "installment {installment_id} to be announced, due"),
    ("installment_dues SET due_date = due_date + 1", "installment {installment_id} to be announced, due"),
    # What a second person approves.
    ("credit_requests SET total_minor = total_minor + 1 WHERE state = 'completed'", "credit request {id}"),
    ("credit_requests SET note_id = NULL, kind = 'void' WHERE note_id IS NOT NULL", "credit request {id}"),
    (
        "credit_requests SET note_id = NULL, state = 'rejected' WHERE note_id IS NOT NULL",
        "above the credit limit",
    ),
    # Settings.
    ("clinics SET settings = settings || jsonb_build_object('name', 'X')", "settings of clinic {clinic_id}"),
    ("clinics SET version = version + 1", "settings of clinic {clinic_id}"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def books(harness: ServiceHarness) -> AsyncIterator[Clinic]:
    """One clinic with some of everything, which every test here leaves as it was."""
    clinic_id = new_id()
    async with harness.client(clinic_id=clinic_id) as api:
        clinic = Clinic(harness, api, clinic_id)
        await clinic.configure()
        await _notes_and_money(clinic)
        await _billed(clinic)
        await _decided(clinic)
        await _approved(clinic)
        await clinic.prove()
        yield clinic
        await clinic.prove()


async def _notes_and_money(clinic: Clinic) -> None:
    paid = await clinic.invoice(clinic.custom("100.00", tax_category="S"), clinic.custom("10.00"))
    payment = await clinic.settle(paid, "60.00")
    first = payment.settlements[0].payment_id
    await clinic.settle(paid, "-20.00", PaymentRefunded, credited="20.00", of_payment=first)
    path = f"/v1/invoices/{paid['id']}"
    note = await clinic.post(
        f"{path}/credit-notes", {"kind": "courtesy", "reason": "waited", "amount": clinic.usd("6.10")}
    )
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "a typo"})
    await clinic.post(f"{path}/debit-notes", {"kind": "late_fee", "reason": "late", "amount": clinic.usd("5.00")})
    voided = await clinic.invoice(clinic.custom("30.00"))
    await clinic.post(f"/v1/invoices/{voided['id']}/void", {"reason": "wrong patient"}, 200)
    planned = await clinic.invoice(clinic.custom("90.00"))
    monthly = {"count": 3, "first_due_date": "2026-12-31"}
    await clinic.post(f"/v1/invoices/{planned['id']}/installment-plan", monthly)


async def _billed(clinic: Clinic) -> None:
    """A procedure that its appointment billed, and a plan's item that was invoiced ahead."""
    appointment, item = new_id(), new_id()
    await clinic.harness.deliver(clinic.completed(appointment), clinic.closed(appointment))
    crown = PlannedItem(
        item_id=item, code_system="CDT", code="D2740", description="Crown", fee=Amount(amount="900.00", currency="USD")
    )
    await clinic.harness.deliver(
        TreatmentPlanAccepted(
            clinic_id=clinic.id,
            occurred_at=clinic.harness.clock.now(),
            patient_id=clinic.patient_id,
            treatment_plan_id=new_id(),
            name="A crown",
            items=(crown,),
        )
    )
    await clinic.invoice({"kind": "extra_procedure", "treatment_plan_item_id": str(item)})


async def _decided(clinic: Clinic) -> None:
    insured = await clinic.invoice(clinic.custom("215.00"))
    insurer = Insurer()
    line = insurer.line(insured["lines"][0], "130.00", CO="45.00", PR="40.00")
    await clinic.harness.deliver(insurer.decides(insured, [line], clinic_id=clinic.id))


async def _approved(clinic: Clinic) -> None:
    """Above the limit, a credit note and a void that a second person approved."""
    await clinic.configure(credit_limit="30.00")
    clinic.harness.clock.advance(timedelta(minutes=3))  # whoever read the settings before is done
    credited, voided = await clinic.invoice(clinic.custom("80.00")), await clinic.invoice(clinic.custom("90.00"))
    body = {"kind": "write_off", "reason": "moved away"}
    noted = await clinic.post(f"/v1/invoices/{credited['id']}/credit-notes", body, 202)
    void = await clinic.post(f"/v1/invoices/{voided['id']}/void", {"reason": "wrong patient"}, 202)
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        for request in (noted, void):
            assert (await manager.post(f"/v1/credit-requests/{request['id']}/approval")).status_code == 200


@pytest.mark.rule("ALL-8.1")
@pytest.mark.parametrize(("change", "named"), PLANTED, ids=[change for change, _ in PLANTED])
async def test_wrong_row_is_named(books: Clinic, change: str, named: str) -> None:
    async with planted(books.harness.owned, books.id, change) as row:
        found = (await books.api.get("/v1/prove")).json()["differences"]
    what = named.format(**row)
    (shown, *_) = [one for one in found if what in one["what"]] or pytest.fail(f"{what!r} is not in {found}")
    assert shown["expected"] != shown["found"]
    await books.prove()
