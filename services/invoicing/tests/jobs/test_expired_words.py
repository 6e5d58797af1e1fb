"""What somebody wrote of an invoice ends when the years are over for which the clinic keeps its books (`ALL-9`).

The service's clock stands in 2015 while everything is written. The database goes by its own, which no test moves: it is
past 2025.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.messaging import expired_words
from chassis.testing.harness import START, ServiceHarness, admin_dsn, running
from chassis.testing.scanning import places_of
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from contracts.event import Actor
from contracts.payments import PaymentRecorded
from invoicing.app import service
from invoicing_clinic import Clinic
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

LONG_AGO = datetime(2015, 12, 30, 15, 0, tzinfo=UTC)
LAST_DAY = date(2015, 12, 30)
WORDS = ("qqzyzx",)
ON_THE_WAY = ("outbox.", "idempotency_keys.")
"""What has an end of its own, sooner."""
WORD = "for Mrs Qqzyzx"
ENDED = "its years are over"


@pytest.fixture
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[ServiceHarness]:
    """A service of its own, whose clock stands in 2015."""
    async with running(service, admin_dsn(request)) as one:
        one.clock.advance(LONG_AGO - one.clock.now())
        yield one


@pytest.fixture
async def clinic(harness: ServiceHarness) -> AsyncIterator[Clinic]:
    clinic_id = new_id()
    async with harness.client(clinic_id=clinic_id) as api:
        made = Clinic(harness, api, clinic_id)
        await made.configure()
        yield made


def of_a_procedure(clinic: Clinic, visit: UUID | None) -> Any:
    return clinic.completed(
        visit,
        description=f"Crown {WORD}",
        prior_authorization="QQZYZX 7",
        date_of_service=LAST_DAY,
        occurred_at=LONG_AGO,
    )


def plan(clinic: Clinic) -> TreatmentPlanAccepted:
    item = PlannedItem(
        item_id=new_id(),
        code_system="CDT",
        code="D2740",
        description=f"Crown {WORD}",
        fee=clinic.completed(None).fee,
    )
    return TreatmentPlanAccepted(
        clinic_id=clinic.id,
        occurred_at=LONG_AGO,
        treatment_plan_id=new_id(),
        patient_id=clinic.patient_id,
        name=f"Crowns {WORD}",
        items=(item,),
    )


async def everything_written(clinic: Clinic) -> dict[str, Any]:
    """A word wherever somebody may write one; the invoice that says most."""
    visit = new_id()
    procedure, reverted = of_a_procedure(clinic, visit), of_a_procedure(clinic, None)
    accepted = plan(clinic)
    payer = {"primary_payer_id": new_id(), "primary_payer_name": "Mrs Qqzyzx"}
    await clinic.harness.deliver(procedure, clinic.closed(visit, **payer), reverted, accepted)
    await clinic.harness.deliver(clinic.reverted(reverted).model_copy(update={"reason": WORD}))
    charge = {"reason": WORD, "amount": clinic.usd("2.00")}
    discount = {"reason": WORD, "percent": "10"}
    invoice = await clinic.invoice(
        clinic.custom("200.00", description=f"Guard {WORD}", charges=[charge], discount=discount),
        {"kind": "extra_procedure", "code_system": "CDT", "code": "D1110", "description": WORD},
        note=WORD,
        primary_payer={"name": "Mrs Qqzyzx"},
        discount=discount,
        discounts=[discount],
        charges=[charge],
    )
    said = {"reason": WORD}
    path = f"/v1/invoices/{invoice['id']}"
    await clinic.settle(invoice, "20.00", PaymentRecorded, by=Actor(subject="clerk:test", reason=WORD))
    await clinic.post(
        f"{path}/credit-notes", said | {"kind": "courtesy", "lines": [{"line_id": invoice["lines"][0]["id"]}]}
    )
    agreed = {"count": 2, "first_due_date": str(LAST_DAY)}
    await clinic.post(f"{path}/installment-plan", agreed)
    wrong = await clinic.invoice(clinic.custom("10.00"))
    await clinic.post(f"/v1/invoices/{wrong['id']}/void", said, 200)
    await clinic.configure(credit_limit="1.00")
    asked = await clinic.post(f"{path}/credit-notes", said | {"kind": "courtesy", "amount": clinic.usd("5.00")}, 202)
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        answer = await manager.post(f"/v1/credit-requests/{asked['id']}/rejection", json=said)
        assert answer.status_code == 200, answer.text
    return invoice


async def places(clinic: Clinic) -> set[str]:
    found = await places_of(clinic.harness.owned, WORDS)
    return {place for place in found if not place.startswith(ON_THE_WAY)}


async def years_later(clinic: Clinic) -> None:
    clinic.harness.clock.advance(START - clinic.harness.clock.now())
    await clinic.harness.run_job("empty_expired_words")


@pytest.mark.rule("ALL-9.7")
async def test_words_whose_years_are_over_are_emptied_and_the_books_are_proven(clinic: Clinic) -> None:
    """ALL-9.7, ALL-8, INV-6: amounts, days, numbers and codes stay, and that there was a reason."""
    invoice = await everything_written(clinic)
    await clinic.harness.run_job("sum_months")
    written = await places(clinic)
    assert {
        "billable_procedures.claim",
        "billable_procedures.description",
        "billable_procedures.revert_reason",
        "closed_appointments.payer_name",
        "credit_requests.decision_reason",
        "credit_requests.reason",
        "invoice_lines.charges",
        "invoice_lines.description",
        "invoice_lines.discount_reason",
        "invoice_words.word",
        "invoices.charges",
        "invoices.discounts",
        "invoices.document_discount_reason",
        "invoices.note",
        "invoices.payer_name",
        "invoices.void_reason",
        "note_lines.description",
        "notes.reason",
        "settlements.reason",
        "treatment_plans.name",
    } <= written
    before = await clinic.read(invoice["id"])
    await years_later(clinic)
    assert await places(clinic) == {"treatment_plan_items.description"}  # not done nor billed: still to be offered
    after = await clinic.read(invoice["id"])
    for name in ("number", "totals", "outstanding", "settled", "status", "due_date"):
        assert after[name] == before[name], name
    assert [(line["code"], line["net"]) for line in after["lines"]] == [
        (line["code"], line["net"]) for line in before["lines"]
    ]
    assert {line["description"] for line in after["lines"]} == {ENDED}
    assert [note["reason"] for note in after["notes"]] == [ENDED] * len(before["notes"])
    assert await clinic.listed(number=before["number"], text=before["number"]) != []
    await clinic.prove()
    await clinic.harness.run_job("sum_months")
    await clinic.harness.run_job("empty_expired_words")
    await clinic.prove()


async def test_of_a_clinic_that_keeps_longer_nothing_goes(clinic: Clinic) -> None:
    """ALL-9: `retention_years` are the clinic's own."""
    await everything_written(clinic)
    await clinic.configure(retention_years=12)
    written = await places(clinic)
    await years_later(clinic)
    assert await places(clinic) == written


async def test_what_is_still_work_keeps_its_words(clinic: Clinic) -> None:
    """ALL-9: a draft, and a credit on which nobody has decided."""
    await clinic.invoice(clinic.custom("10.00", description=WORD), note=WORD, issue=False)
    invoice = await clinic.invoice(clinic.custom("100.00"))
    await clinic.configure(credit_limit="1.00")
    asked = {"kind": "courtesy", "reason": WORD, "amount": clinic.usd("5.00")}
    await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", asked, 202)
    written = await places(clinic)
    await years_later(clinic)
    assert await places(clinic) == written >= {"credit_requests.reason", "invoice_lines.description", "invoices.note"}


async def test_what_is_done_with_an_old_invoice_later_has_years_of_its_own(clinic: Clinic) -> None:
    """ALL-9: why it was voided this year is kept; what it said is over."""
    invoice = await clinic.invoice(clinic.custom("100.00"), note=WORD)
    await years_later(clinic)
    await clinic.post(f"/v1/invoices/{invoice['id']}/void", {"reason": WORD}, 200)
    await clinic.harness.run_job("empty_expired_words")
    assert await places(clinic) == {"invoices.void_reason"}
    await clinic.prove()


async def test_in_bounded_batches_until_all_is_done(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expired_words, "ROWS_AT_ONCE", 1)
    await everything_written(clinic)
    await years_later(clinic)
    assert await places(clinic) == {"treatment_plan_items.description"}


async def test_nothing_of_what_is_kept_is_changed_by_anybody_nor_of_what_is_over_more_than_its_words(
    clinic: Clinic, harness: ServiceHarness
) -> None:
    """PAY-12, INV-6: by the working role nothing, by the owner no amount, no other words, nothing of six years."""
    await everything_written(clinic)
    harness.clock.advance(START - harness.clock.now())
    new = await clinic.invoice(clinic.custom("5.00"), note="of this year")
    await clinic.settle(new, "1.00")
    changes = [
        f"UPDATE invoices SET words_ended = true, note = NULL WHERE id = '{new['id']}'",  # noqa: S608 - ids of this test
        f"UPDATE settlements SET reason = NULL WHERE invoice_id = '{new['id']}'",  # noqa: S608 - ids of this test
        "UPDATE invoices SET words_ended = true, note = NULL, total_minor = total_minor",
        "UPDATE invoices SET words_ended = true, net_minor = net_minor + 1, total_minor = total_minor + 1",
        "UPDATE invoices SET note = 'another' WHERE status = 'issued'",
        "UPDATE notes SET reason = 'another'",
        "UPDATE notes SET total_minor = 1",
        "UPDATE note_lines SET net_minor = 1",
        "DELETE FROM settlements",
    ]
    for url in (harness.owned.app_url, harness.owned.owner_url):
        for change in changes:
            with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
                await done_by(url, clinic.id, change)
    await done_by(harness.owned.owner_url, clinic.id, "UPDATE notes SET reason = 'its years are over'")
    with pytest.raises(DBAPIError, match="append-only"):
        old = "UPDATE invoices SET words_ended = true WHERE issue_date < '2016-01-01'"
        await done_by(harness.owned.app_url, clinic.id, old)


async def done_by(url: str, clinic_id: UUID, statement: str) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT set_config('app.clinic_ids', '{clinic_id}', true)"))
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


@pytest.mark.rule("ALL-4.1")
async def test_words_of_a_clinic_are_not_emptied_in_a_transaction_of_another(
    clinic: Clinic, harness: ServiceHarness
) -> None:
    await everything_written(clinic)
    written = await places(clinic)
    async with harness.database.transaction([new_id()], "test") as work:
        call = text("SELECT empty_expired_words(CAST(:ids AS uuid[]), 100)")
        await work.connection.execute(call, {"ids": [clinic.id]})
    assert await places(clinic) == written
