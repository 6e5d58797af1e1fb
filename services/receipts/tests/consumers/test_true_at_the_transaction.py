"""A document says what was true at its transaction, however late the service came to read it (`RCP-9`)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.event import Event
from contracts.invoicing import InvoiceIssued
from contracts.patients import PatientChanged, PatientForgotten
from contracts.payments import PaymentRecorded, SettlementChange
from receipts.documents.content.frozen import receipt_from_json
from receipts.documents.content.receipt import ReceiptContent
from receipts.persistence import installment_plans, invoices, notes, receipts
from receipts.persistence.people import EARLIER_KEPT
from receipts_events import AT, Installments, Practice, amount
from receipts_set_aside import an_hour_passes
from sqlalchemy import text

LATER = AT + timedelta(seconds=70)
DUE = date(2026, 12, 31)


def changed(practice: Practice, family_name: str, *, version: int = 2, **changes: Any) -> PatientChanged:
    told = practice.registered(version=version, family_name=family_name, occurred_at=LATER, **changes)
    return PatientChanged(**told.model_dump())


async def receipt_of(harness: ServiceHarness, clinic_id: UUID, transaction_id: UUID) -> ReceiptContent:
    async with harness.database.reading([clinic_id]) as connection:
        receipt = await receipts.of_transaction(connection, transaction_id)
        assert receipt is not None
        return receipt_from_json(await receipts.content_of(connection, receipt.receipt_id))


async def kept(harness: ServiceHarness, practice: Practice) -> list[tuple[int, str]]:
    async with harness.database.reading([practice.clinic_id]) as connection:
        rows = await connection.execute(
            text("SELECT version, details ->> 'family_name' AS name FROM patient_versions ORDER BY version")
        )
        return [(row.version, row.name) for row in rows]


@pytest.mark.rule("RCP-9.1", "RCP-9.2")
async def test_a_receipt_says_the_names_of_its_payment_whatever_was_renamed_before_it_was_read(
    harness: ServiceHarness, practice: Practice
) -> None:
    renamed = practice.configured(version=2, name="Harbor Dental", occurred_at=LATER)
    invoice = practice.invoiced()
    before, after = practice.paid(invoice, 10_000), practice.paid(invoice, 5_000, recorded_at=LATER)
    await harness.deliver(renamed, changed(practice, "Thornton"), invoice, before, after)
    then = await receipt_of(harness, practice.clinic_id, before.transaction_id)
    assert (then.patient.name, then.clinic_version) == ("Andrés Muñoz", 1)
    since = await receipt_of(harness, practice.clinic_id, after.transaction_id)
    assert (since.patient.name, since.clinic_version) == ("Andrés Thornton", 2)


@pytest.mark.rule("RCP-9.2")
async def test_invoices_notes_and_agreements_say_the_names_of_their_issue(
    harness: ServiceHarness, practice: Practice
) -> None:
    renamed = practice.configured(version=2, name="Harbor Dental", occurred_at=LATER)
    invoice, plan_id = practice.invoiced(), new_id()
    note = practice.credited(invoice)
    plan = practice.agreed(invoice, plan_id, [(new_id(), AT.date(), 34_775, 34_775)])
    told: list[Event] = [renamed, changed(practice, "Thornton"), invoice, note, plan]
    await harness.deliver(*told)
    async with harness.database.reading([practice.clinic_id]) as connection:
        found = [await invoices.find(connection, invoice.invoice_id), await notes.find(connection, note.credit_note_id)]
        agreement = await installment_plans.find(connection, plan_id, None)
    contents = [one.content for one in (*found, agreement) if one is not None]
    assert [(content["patient"]["name"], content["clinic_version"]) for content in contents] == [
        ("Andrés Muñoz", 1)
    ] * 3


@pytest.mark.rule("RCP-9.2")
async def test_a_receipt_shows_what_the_clinic_had_set_at_its_payment(
    harness: ServiceHarness, practice: Practice
) -> None:
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 10_000, recorded_at=harness.clock.now() - timedelta(seconds=1))
    later = practice.paid(invoice, 5_000, recorded_at=harness.clock.now() + timedelta(seconds=1))
    async with harness.client("settings:write", practice.clinic_id) as client:
        wanted = {"paper": "Letter", "show_procedures": False, "reason": "Asked for"}
        saved = await client.put("/v1/document-settings", json=wanted, headers={"If-Match": '"0"'})
    assert saved.status_code == 200, saved.text
    await harness.deliver(invoice, payment, later)
    shown = [await receipt_of(harness, practice.clinic_id, one.transaction_id) for one in (payment, later)]
    assert [(one.paper, one.show_procedures) for one in shown] == [("A4", True), ("Letter", False)]


def installments_of(content: ReceiptContent) -> list[tuple[int, int, int]]:
    """The place, of how many, and how much of each installment that the receipt names."""
    return [(one.position, one.count, one.amount.minor) for each in content.settled for one in each.installments]


def parts(count: int, each: int, left: int | None = None) -> Installments:
    return [(new_id(), DUE + timedelta(days=30 * k), each, each if left is None else left) for k in range(count)]


def done(installments: Installments, *places: int) -> Installments:
    """These of them, with nothing left."""
    return [(*installments[place][:3], 0) for place in places]


def paying(practice: Practice, invoice: InvoiceIssued, minor: int, outstanding: int, **changes: Any) -> PaymentRecorded:
    """A payment of the invoice, perhaps of an installment of it, after which so much is asked."""
    said = {name: changes.pop(name, None) for name in ("installment_id", "plan")}
    payment = practice.paid(invoice, minor, **changes)
    told = payment.settlements[0].model_dump() | said | {"outstanding": amount(outstanding)}
    change = SettlementChange.model_validate(told)
    return payment.model_copy(update={"settlements": (change,)})


@pytest.mark.rule("RCP-9.3", "PLN-10.5")
@pytest.mark.parametrize("heard", ["as it happened", "changes first"])
async def test_a_receipt_names_installments_of_the_version_at_its_payment(
    harness: ServiceHarness, practice: Practice, heard: str
) -> None:
    """A third of 300.00 is paid twice, the second by its name; then the rest is divided anew, paid from, and ended."""
    invoice, plan_id, thirds, halves = practice.invoiced(30_000), new_id(), parts(3, 10_000), parts(2, 5_000)
    agreed = practice.agreed(invoice, plan_id, thirds, AT - timedelta(minutes=1))
    first = paying(practice, invoice, 10_000, 20_000, installment_id=thirds[2][0])
    second = paying(practice, invoice, 10_000, 10_000, recorded_at=AT + timedelta(seconds=1))
    changed = practice.rescheduled(invoice, plan_id, [*done(thirds, 0, 2), *halves], at=LATER)
    third = paying(practice, invoice, 7_000, 3_000, recorded_at=LATER + timedelta(seconds=1))
    ended = practice.plan_ended(invoice, plan_id, halves, at=LATER + timedelta(seconds=2))
    last = paying(practice, invoice, 3_000, 0, recorded_at=LATER + timedelta(seconds=3))
    told: dict[str, list[Event]] = {
        "as it happened": [invoice, agreed, first, second, changed, third, ended, last],
        "changes first": [invoice, ended, changed, agreed, first, second, third, last],
    }
    for event in told[heard]:
        await harness.deliver(event)
    shown = [await receipt_of(harness, practice.clinic_id, one.transaction_id) for one in (first, second, third, last)]
    assert [installments_of(one) for one in shown] == [
        [(3, 3, 10_000)],
        [(1, 3, 10_000)],
        [(3, 4, 5_000), (4, 4, 2_000)],
        [],
    ]
    following = [one.next_installment and one.next_installment.amount.minor for one in shown]
    assert following == [10_000, 10_000, 3_000, None]


@pytest.mark.rule("RCP-9.3")
async def test_a_receipt_names_no_plan_that_was_agreed_after_its_payment(
    harness: ServiceHarness, practice: Practice
) -> None:
    invoice = practice.invoiced(30_000)
    agreed = practice.agreed(invoice, new_id(), parts(2, 10_000), LATER)
    payment = paying(practice, invoice, 10_000, 20_000)
    await harness.deliver(invoice, agreed, payment)
    shown = await receipt_of(harness, practice.clinic_id, payment.transaction_id)
    assert (installments_of(shown), shown.next_installment) == ([], None)


@pytest.mark.rule("PLN-2.3", "RCP-2.4")
async def test_a_refund_of_an_installment_leaves_it_settled(harness: ServiceHarness, practice: Practice) -> None:
    invoice, thirds = practice.invoiced(30_000), parts(3, 10_000)
    payment = paying(practice, invoice, 10_000, 20_000, installment_id=thirds[2][0])
    refund = practice.refunded(payment, invoice, 10_000)
    change = refund.settlements[0].model_copy(update={"outstanding": amount(20_000), "installment_id": thirds[2][0]})
    rest = paying(practice, invoice, 10_000, 10_000)
    await harness.deliver(invoice, practice.agreed(invoice, new_id(), thirds), payment)
    await harness.deliver(refund.model_copy(update={"settlements": (change,)}), rest)
    shown = await receipt_of(harness, practice.clinic_id, rest.transaction_id)
    assert installments_of(shown) == [(1, 3, 10_000)]


async def test_a_payment_waits_for_the_version_that_has_its_installment(
    harness: ServiceHarness, practice: Practice
) -> None:
    invoice, plan_id, halves = practice.invoiced(30_000), new_id(), parts(2, 15_000)
    payment = paying(practice, invoice, 15_000, 15_000, installment_id=halves[1][0])
    await harness.deliver(
        invoice, practice.agreed(invoice, plan_id, parts(3, 10_000), AT - timedelta(minutes=2)), payment
    )
    (waiting,) = [one for one in await harness.set_aside() if one.key == str(practice.patient_id)]
    assert "installment plan" in waiting.reason
    await harness.deliver(practice.rescheduled(invoice, plan_id, halves, at=AT - timedelta(minutes=1)))
    await harness.retry()
    shown = await receipt_of(harness, practice.clinic_id, payment.transaction_id)
    assert installments_of(shown) == [(2, 2, 15_000)]


@pytest.mark.rule("RCP-9.3")
async def test_a_payment_waits_for_the_plan_that_payments_knew_for_so_long_as_for_a_patient(
    harness: ServiceHarness, practice: Practice
) -> None:
    """Payments had heard of the plan; here its topic is behind. A receipt without it is better than none."""
    invoice, plan_id = practice.invoiced(30_000), new_id()
    agreed = practice.agreed(invoice, plan_id, parts(3, 10_000), AT + timedelta(milliseconds=20))
    known = {"plan": {"plan_id": plan_id, "version": 1}}
    first, second = (paying(practice, invoice, 10_000, 20_000 - later, **known) for later in (0, 10_000))
    await harness.deliver(invoice, first)
    (waiting,) = [one for one in await harness.set_aside() if one.key == str(practice.patient_id)]
    assert waiting.reason == f"version 1 of installment plan {plan_id} is not known yet"
    await harness.deliver(agreed)
    await harness.retry()
    await harness.deliver(second)
    shown = [await receipt_of(harness, practice.clinic_id, one.transaction_id) for one in (first, second)]
    assert [installments_of(one) for one in shown] == [[(1, 3, 10_000)], [(2, 3, 10_000)]]
    unheard = paying(practice, invoice, 5_000, 5_000, plan={"plan_id": plan_id, "version": 2})
    await harness.deliver(unheard)
    await an_hour_passes(harness, practice)
    late = await receipt_of(harness, practice.clinic_id, unheard.transaction_id)
    assert installments_of(late) == [(3, 3, 5_000)]


async def test_versions_that_were_replaced_end_in_time(harness: ServiceHarness, practice: Practice) -> None:
    """As names do. What a release before kept, in one table, is copied when another replaces it."""
    invoice, plan_id, thirds = practice.invoiced(30_000), new_id(), parts(3, 10_000)
    long_ago = harness.clock.now() - EARLIER_KEPT - timedelta(days=2)
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, thirds, long_ago))
    for day in (0, 1):
        paid_at = long_ago + timedelta(days=day, hours=1)
        await harness.deliver(
            paying(practice, invoice, 1_000, 29_000 - day * 1_000, recorded_at=paid_at, installment_id=thirds[0][0])
        )
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        await work.connection.execute(text("DELETE FROM installment_plan_versions"))
    changed = practice.rescheduled(invoice, plan_id, thirds, at=long_ago + timedelta(days=1))
    await harness.deliver(changed, practice.rescheduled(invoice, plan_id, thirds, 3, harness.clock.now()))
    async with harness.database.reading([practice.clinic_id]) as connection:
        versions = await connection.execute(text("SELECT version FROM installment_plan_versions ORDER BY version"))
        settlements = await connection.execute(text("SELECT minor FROM installment_settlements"))
        assert (versions.scalars().all(), len(settlements.all())) == ([2, 3], 1)


async def test_versions_that_come_together_or_late_are_each_known(harness: ServiceHarness, practice: Practice) -> None:
    third, second = changed(practice, "Thornton", version=3), changed(practice, "Larsen", version=2)
    await harness.deliver(third, second)
    assert await kept(harness, practice) == [(1, "Muñoz"), (2, "Larsen")]
    another = Practice(clinic_id=practice.clinic_id, patient_id=new_id())
    await harness.deliver(another.registered(), changed(another, "Berg"), changed(another, "Quist", version=3))
    invoice = another.invoiced()
    payment = another.paid(invoice, 10_000)
    await harness.deliver(invoice, payment)
    assert (await receipt_of(harness, practice.clinic_id, payment.transaction_id)).patient.name == "Andrés Muñoz"


async def test_earlier_versions_of_a_patient_end_in_time(harness: ServiceHarness, practice: Practice) -> None:
    """Nothing grows without bound: no service is behind for so long."""
    long_ago = harness.clock.now() - EARLIER_KEPT - timedelta(days=1)
    second = PatientChanged(**practice.registered(version=2, family_name="Larsen", occurred_at=long_ago).model_dump())
    await harness.deliver(second, changed(practice, "Thornton", version=3))
    assert await kept(harness, practice) == [(2, "Larsen")]


@pytest.mark.rule("ALL-9.1")
async def test_earlier_names_of_who_is_forgotten_go_with_them(harness: ServiceHarness, practice: Practice) -> None:
    await harness.deliver(changed(practice, "Thornton"))
    forgotten = PatientForgotten(clinic_id=practice.clinic_id, occurred_at=LATER, patient_id=practice.patient_id)
    await harness.deliver(forgotten)
    assert await kept(harness, practice) == []
    await harness.deliver(changed(practice, "Berg", version=3), changed(practice, "Quist", version=4))
    assert await kept(harness, practice) == []
