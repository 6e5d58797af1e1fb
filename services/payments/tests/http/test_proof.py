"""Every kind of wrong row is found by the proof and named by it, and without one it finds none (`ALL-8`, `PAY-12`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest
import pytest_asyncio
from chassis.testing.harness import ServiceHarness
from chassis.testing.planting import planted
from full_books import full_books, kinds_in
from payments.domain.transaction import Kind
from payments_desk import FrontDesk, good

OTHER = "'00000000-0000-4000-8000-000000000001'"


def of(kind: str) -> str:
    """Entries of the transactions of a kind."""
    return f"posting_id IN (SELECT transaction_id FROM transactions WHERE clinic_id = $1 AND kind = '{kind}')"  # noqa: S608


def note(kind: str) -> str:
    """Entries of the documents of a kind."""
    return f"posting_id IN (SELECT document_id FROM invoice_documents WHERE clinic_id = $1 AND kind = '{kind}')"  # noqa: S608


PLANTED = (
    # What a transaction says, against its posting and against what it undoes.
    *(
        (f"transactions SET amount_minor = amount_minor + 7 WHERE kind = '{kind}'", f"{kind} {{transaction_id}} {what}")
        for kind, what in (
            ("payment", "money"),
            ("refund", "money"),
            ("cancellation", "money"),
            ("refund_cancellation", "money"),
            ("chargeback", "money"),
            ("credit_application", "credit"),
            ("application_cancellation", "credit"),
            ("release", "credit"),
            ("credit_transfer_out", "credit given"),
        )
    ),
    (
        "transactions SET amount_minor = amount_minor + 7 WHERE kind = 'credit_transfer_in'",
        "credit transfer {linked_id} to {transaction_id} amount",
    ),
    (
        "transactions SET reference_alike = 'x' WHERE external_reference IS NOT NULL",
        "reference of {kind} {transaction_id} as it is compared",
    ),
    *(
        (f"transactions SET method = 'bank_transfer' WHERE kind = '{kind}'", f" of {kind} {{transaction_id}} method")
        for kind in ("payment", "refund", "cancellation", "refund_cancellation", "chargeback")
    ),
    (
        "transactions SET method_label = 'coupon' WHERE kind = 'refund_cancellation'",
        "refund_cancellation {transaction_id} method",
    ),
    *(
        (f"transactions SET booked_on = booked_on - 1 WHERE kind = '{kind}'", f" of {kind} {{transaction_id}} day")
        for kind in ("payment", "refund", "cancellation", "credit_application", "release", "credit_transfer_out")
    ),
    ("transactions SET currency = 'EUR' WHERE kind = 'refund'", "refund {transaction_id} currency"),
    (f"transactions SET payer_id = {OTHER} WHERE kind = 'chargeback'", "chargeback {transaction_id} payer"),
    (f"transactions SET patient_id = {OTHER} WHERE kind = 'refund'", "refund {transaction_id} patient"),
    ("transactions SET kind = 'cancellation' WHERE kind = 'chargeback'", "payment {payment_id} status"),
    (f"transactions SET reverses_id = {OTHER} WHERE kind = 'cancellation'", "cancellation {transaction_id} undoes"),
    (
        f"transactions SET reverses_id = {OTHER} WHERE kind = 'application_cancellation'",
        "application_cancellation {transaction_id} undoes",
    ),
    (
        f"transactions SET reverses_id = {OTHER} WHERE kind = 'credit_transfer_in' AND reverses_id IS NOT NULL",
        "credit_transfer_in {transaction_id} undoes",
    ),
    (f"transactions SET group_id = {OTHER} WHERE kind = 'payment'", "payment {transaction_id} group"),
    (f"transactions SET group_id = {OTHER} WHERE kind = 'refund'", "refund {transaction_id} group"),
    ("transactions SET request_id = NULL WHERE request_id IS NOT NULL", "refund request "),
    # What the journal says.
    ("journal_entries SET method = 'check' WHERE method = 'cash'", "entry {entry_id} of payment {posting_id} method"),
    (
        f"journal_entries SET booked_on = booked_on + 1 WHERE {of('refund')}",
        "entry {entry_id} of refund {posting_id} day",
    ),
    (
        f"journal_entries SET booked_on = booked_on + 1 WHERE {note('invoice')}",
        "entry {entry_id} of invoice {posting_id} day",
    ),
    (
        "journal_entries SET payer_kind = 'patient' WHERE payer_kind = 'insurer'",
        "entry {entry_id} of payment {posting_id} payer",
    ),
    (
        f"journal_entries SET payer_kind = 'insurer' WHERE {note('invoice')}",
        "entry {entry_id} of invoice {posting_id} payer",
    ),
    (
        "journal_entries SET account = 'credit_notes' WHERE account = 'write_offs'",
        "entry {entry_id} of write_off {posting_id} account",
    ),
    (
        f"journal_entries SET account = 'write_offs' WHERE account = 'revenue' AND {note('invoice')}",
        "entry {entry_id} of invoice {posting_id} account",
    ),
    (
        f"journal_entries SET account = 'taxes' WHERE account = 'revenue' AND {note('void')}",
        "invoice {invoice_id} taxes after its void",
    ),
    (
        "journal_entries SET account = 'revenue' WHERE account = 'chargeback_losses'",
        "entry {entry_id} of chargeback {posting_id} account",
    ),
    (
        f"journal_entries SET posting_id = {OTHER} WHERE account = 'money'",
        "entry {entry_id} of nothing {posting_id} account",
    ),
    ("journal_entries SET minor = minor + 7 WHERE account = 'revenue'", "posting {posting_id} sum"),
    (f"journal_entries SET patient_id = {OTHER} WHERE account = 'receivable'", " patient"),
    (
        f"journal_entries SET payment_id = {OTHER} WHERE account = 'money'",
        "entry {entry_id} of payment {posting_id} payment",
    ),
    (
        f"journal_entries SET invoice_id = {OTHER} WHERE account = 'revenue'",
        "entry {entry_id} of invoice {posting_id} invoice",
    ),
    # Payments as they stand.
    ("payment_positions SET status = 'charged_back' WHERE status = 'cancelled'", "payment {payment_id} status"),
    (
        (
            "payment_positions SET status = 'recorded', unallocated_minor = amount_minor - refunded_minor"
            " WHERE status = 'charged_back'"
        ),
        "payment {payment_id} status",
    ),
    ("payment_positions SET amount_minor = amount_minor + 7 WHERE status = 'cancelled'", "payment {payment_id} amount"),
    (
        "payment_positions SET refunded_minor = refunded_minor + 7 WHERE status = 'charged_back'",
        "payment {payment_id} refunded",
    ),
    (
        (
            "payment_positions SET allocated_minor = allocated_minor - 1, unallocated_minor = unallocated_minor + 1 "
            "WHERE allocated_minor > 0"
        ),
        "payment {payment_id} allocated",
    ),
    (f"payment_positions SET group_id = {OTHER}", "payment {payment_id} group"),
    (f"payment_positions SET payment_id = {OTHER}", "payment {payment_id} amount"),
    ("credit_parts SET minor = minor + 1", "credit of patient {patient_id} from payment {payment_id}"),
    ("patient_credit SET balance_minor = balance_minor + 1", "credit of patient {patient_id}"),
    # Invoices and their documents.
    ("invoices SET settled_minor = settled_minor - 1 WHERE settled_minor > 0", "invoice {invoice_id} settled"),
    ("invoices SET void = true WHERE NOT void", "invoice {invoice_id} void"),
    ("invoices SET void = false WHERE void", "invoice {invoice_id} void"),
    ("invoices SET total_minor = total_minor - 5, debited_minor = debited_minor + 5", "invoice {invoice_id} total"),
    (
        "invoices SET credited_minor = credited_minor + 5 WHERE settled_minor = 0 AND NOT void",
        "invoice {invoice_id} credited",
    ),
    ("invoices SET debited_minor = debited_minor + 5", "invoice {invoice_id} debited"),
    (
        "invoices SET voided_minor = voided_minor + 5 WHERE settled_minor = 0 AND NOT void",
        "invoice {invoice_id} receivable",
    ),
    (
        "invoices SET refund_adjusted_minor = refund_adjusted_minor + 5 WHERE settled_minor = 0 AND NOT void",
        "invoice {invoice_id} refund adjusted",
    ),
    ("invoices SET refund_pending_minor = refund_pending_minor + 5", "invoice {invoice_id} refunds unanswered"),
    (
        "invoices SET refund_uncredited_minor = refund_uncredited_minor + 5 WHERE NOT void",
        "invoice {invoice_id} refunds not credited",
    ),
    # What two services left that had taken the same cent twice (`PAY-20`).
    (
        "invoices SET credited_minor = credited_minor + 1000000 WHERE settled_minor = 0 AND refund_pending_minor = 0",
        "invoice {invoice_id} asked beyond what is settled",
    ),
    (
        "invoice_documents SET total_minor = total_minor + 5 WHERE kind = 'refund_adjustment'",
        "refund {refund_id} on invoice {invoice_id} allowance",
    ),
    (
        "invoice_documents SET total_minor = total_minor + 5 WHERE kind = 'credit_note' AND refund_id IS NOT NULL",
        "refund {refund_id} on invoice {invoice_id} credit note",
    ),
    ("invoices SET number = 'X'", "invoice {invoice_id} number"),
    ("invoices SET issue_date = issue_date - 1", "invoice {invoice_id} issue date"),
    (f"invoices SET patient_id = {OTHER}", "invoice {invoice_id} patient"),
    (
        "invoice_documents SET total_minor = total_minor + 5 WHERE kind = 'debit_note'",
        "debit_note {document_id} receivable",
    ),
    ("invoice_documents SET issue_date = issue_date + 1 WHERE kind = 'credit_note'", " day"),
    ("invoice_documents SET note_kind = 'courtesy' WHERE note_kind = 'write_off'", " account"),
    # Lists and sums.
    (
        "account_lines SET change_minor = change_minor + 1 WHERE kind = 'payment'",
        "account of patient {patient_id} changed by {source_id}",
    ),
    (
        "account_lines SET insurers_change_minor = insurers_change_minor + 1 WHERE kind = 'payment'",
        "insurers' credit in the account of patient {patient_id} changed by {source_id}",
    ),
    (
        f"account_lines SET patient_id = {OTHER} WHERE kind = 'payment'",
        "lines of payment {source_id} in its patient's account",
    ),
    ("account_lines SET on_date = on_date + 1 WHERE kind = 'refund'", "line {line_id} of refund {source_id} day"),
    (
        "account_lines SET recorded_at = recorded_at + interval '1 s' WHERE kind = 'release'",
        "line {line_id} of release {source_id} recorded at",
    ),
    (
        "account_lines SET kind = 'refund' WHERE kind = 'cancellation'",
        "lines of cancellation {source_id} in its patient's account",
    ),
    ("account_lines SET change_minor = 1 WHERE kind = 'receipt'", "line {line_id} of the receipt of {source_id}"),
    (f"account_lines SET source_id = {OTHER} WHERE kind = 'receipt'", "line {line_id} of the receipt of {source_id}"),
    ("day_totals SET minor = minor + 7", "day {booked_on} {kind} {method} "),
    ("day_totals SET count = count + 1", "day {booked_on} {kind} {method} "),
    (f"day_totals SET group_id = {OTHER} WHERE group_id IS NOT NULL", "group {group_id} count"),
    ("day_totals SET method = 'bank_transfer'", "day {booked_on} {kind} {method} "),
    (
        "day_totals SET method_label = 'coupon' WHERE method_label IS NOT NULL",
        "{method} {method_label} group none count",
    ),
    ("day_totals SET booked_on = booked_on + 90", "day {booked_on} {kind} {method} "),
    ("summed_days SET until = until + 30", "day "),
    # What else tells of the same.
    (
        "refund_requests SET amount_minor = amount_minor + 7 WHERE state = 'completed'",
        "refund request {request_id} refunded",
    ),
    ("refund_requests SET state = 'rejected' WHERE state = 'completed'", "refund request {request_id} refunded"),
    (
        "refund_requests SET state = 'completed', decided_by = 'bo' WHERE state = 'requested'",
        "refund request {request_id} refunded",
    ),
    ("receipts SET void = true", "receipt {receipt_id} void"),
    (f"receipts SET patient_id = {OTHER}", "receipt {receipt_id} patient"),
    (f"relabelings SET group_after = {OTHER}", "payment {payment_id} group"),
    (f"relabelings SET group_before = {OTHER}", "edit {version} of payment {payment_id} group before"),
    ("payment_groups SET name = 'Orthodontics'", "payment group {group_id}"),
    (f"installments SET invoice_id = {OTHER}", "installment {installment_id} of invoice"),
    ("installment_plans SET live = false", " of invoice"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def books(harness: ServiceHarness) -> AsyncIterator[FrontDesk]:
    """One clinic's full books, which every test here leaves as they were."""
    desk = FrontDesk(harness)
    await desk.configure()
    await full_books(desk)
    try:
        yield desk
        await desk.prove()
    finally:
        await desk.client.aclose()


@pytest.mark.rule("PAY-12.3")
async def test_full_books_have_every_kind_of_transaction_and_no_difference(books: FrontDesk) -> None:
    assert set(await kinds_in(books)) == set(get_args(Kind))
    await books.prove()


@pytest.mark.rule("ALL-8.1")
@pytest.mark.parametrize(("change", "named"), PLANTED, ids=[change for change, _ in PLANTED])
async def test_wrong_row_is_named(books: FrontDesk, change: str, named: str) -> None:
    async with planted(books.harness.owned, books.clinic_id, change) as row:
        found = await differences(books)
    what = named.format(**row)
    (shown, *_) = [one for one in found if what in one["what"]] or pytest.fail(f"{what!r} is not in {found}")
    assert shown["expected"] != shown["found"]
    assert await differences(books) == []


async def differences(desk: FrontDesk) -> list[dict[str, Any]]:
    found = good(await desk.client.get("/v1/prove"))
    assert found["proven"] == (found["differences"] == [])
    listed: list[dict[str, Any]] = found["differences"]
    return listed
