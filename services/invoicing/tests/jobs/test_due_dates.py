"""What the calendar brings is announced once: due soon, due, overdue, by the clinic's own day (`PLN-4`, `INV-9`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from chassis.testing.eventually import eventually
from contracts.installments import InstallmentDue, InstallmentDueSoon, InstallmentOverdue, InvoiceOverdue
from contracts.payments import PaymentCancelled
from invoicing.domain.invoice_reminder import step_on
from invoicing.jobs.announce_due_dates import AT_ONCE
from invoicing.persistence import clinics
from invoicing.use_cases.remind_of_installments import remind_of_installments
from sqlalchemy import text

INSTALLMENTS, INVOICES = "announce_due_installments", "announce_overdue_invoices"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
KINDS = (InstallmentDueSoon, InstallmentDue, InstallmentOverdue)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def _drained(harness: Any) -> AsyncIterator[None]:
    """What earlier tests left to say is said before a test begins."""
    for job in (INSTALLMENTS, INVOICES):
        await harness.run_job(job)
    yield


def today(clinic: Any) -> date:
    """New York's day at 15:00 UTC is UTC's."""
    day: date = clinic.harness.clock.now().date()
    return day


async def planned(clinic: Any, *days: int, each: str = "25.00") -> tuple[dict[str, Any], dict[str, Any]]:
    """An invoice with installments due so many days from today."""
    invoice = await clinic.invoice(*(clinic.custom(each) for _ in days))
    given = [{"amount": clinic.usd(each), "due_date": str(today(clinic) + timedelta(days=day))} for day in days]
    plan = await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", {"installments": given})
    return invoice, plan


async def pass_days(clinic: Any, days: int) -> None:
    clinic.harness.clock.advance(timedelta(days=days))
    await clinic.harness.run_job(INSTALLMENTS)


async def said(clinic: Any) -> list[tuple[str, int]]:
    """What was announced of installments, in order: which kind, of which position."""
    found = [one for one in await clinic.harness.announced(clinic_id=clinic.id) if ".installment." in one.type]
    return [(one.type.split(".")[2], one.data["position"]) for one in found]


@pytest.mark.rule("PLN-4.2")
async def test_each_installment_is_due_soon_due_and_overdue_once(clinic: Any) -> None:
    _, plan = await planned(clinic, 5, 35)
    for _ in range(2):
        await clinic.harness.run_job(INSTALLMENTS)
    assert await said(clinic) == []
    for days, expected in ((2, ("due_soon", 1)), (1, None), (2, ("due", 1)), (1, ("overdue", 1)), (4, None)):
        before = await said(clinic)
        await pass_days(clinic, days)
        await clinic.harness.run_job(INSTALLMENTS)
        assert await said(clinic) == [*before, *([expected] if expected else [])]
    (event,) = await clinic.announced(InstallmentOverdue)
    assert str(event.installment_id) == plan["installments"][0]["id"]
    assert (event.amount.amount, event.remaining.amount, event.outstanding.amount) == ("25.00", "25.00", "50.00")
    assert (event.on - event.due_date).days == 1
    assert (event.position, event.installments) == (1, 2)


async def test_subject_and_sequence_are_the_installments_and_its_step(clinic: Any) -> None:
    _, plan = await planned(clinic, 0)
    await clinic.harness.run_job(INSTALLMENTS)
    await pass_days(clinic, 1)
    found = [await clinic.harness.announced(kind, clinic_id=clinic.id) for kind in KINDS]
    told = [(str(one.subject), one.sequence, one.key) for kind in found for one in kind]
    installment = plan["installments"][0]["id"]
    assert told == [(installment, 2, str(clinic.patient_id)), (installment, 3, str(clinic.patient_id))]


@pytest.mark.rule("PLN-4.2", "PLN-4.3")
async def test_after_days_of_downtime_what_is_true_now_is_said_once(clinic: Any) -> None:
    """PLN-4: one that is overdue by then was never announced as due soon, and is not now."""
    await planned(clinic, 2, 6, 8, 30)
    await pass_days(clinic, 6)
    assert sorted(await said(clinic)) == [("due", 2), ("due_soon", 3), ("overdue", 1)]
    await pass_days(clinic, 0)
    assert len(await said(clinic)) == 3


async def test_more_than_a_set_is_said_completely_and_once(clinic: Any) -> None:
    each = 360
    for _ in range(3):
        invoice = await clinic.invoice(clinic.custom("360.00"))
        wanted = {"count": each, "first_due_date": str(today(clinic)), "unit": "days"}
        await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", wanted)
    assert 3 * each > AT_ONCE
    await pass_days(clinic, 400)
    found = await clinic.announced(InstallmentOverdue)
    assert len(found) == len({one.installment_id for one in found}) == 3 * each


@pytest.mark.rule("PLN-4.2")
async def test_two_runs_at_once_say_each_thing_once(clinic: Any) -> None:
    for _ in range(4):
        await planned(clinic, 0, 1, 2)
    await asyncio.gather(*(clinic.harness.run_job(INSTALLMENTS) for _ in range(4)))
    await clinic.harness.run_job(INSTALLMENTS)
    assert len(await said(clinic)) == 12
    for kind in KINDS:
        found = await clinic.announced(kind)
        assert len(found) == len({one.installment_id for one in found})


async def test_a_run_that_is_killed_before_its_commit_is_run_again(clinic: Any) -> None:
    """ALL-7: what was said and that it was said commit together."""
    await planned(clinic, 0)

    class Killed(Exception):
        pass

    with pytest.raises(Killed):
        async with clinic.harness.database.transaction([clinic.id], "job") as work:
            settings = await clinics.find_many(work.connection, [clinic.id])
            assert await remind_of_installments(work, settings, 10) == 1
            await work.write_announcements()
            raise Killed
    assert await said(clinic) == []
    await clinic.harness.run_job(INSTALLMENTS)
    assert await said(clinic) == [("due", 1)]


async def test_what_is_paid_is_not_said_and_what_reopens_is(clinic: Any) -> None:
    invoice, plan = await planned(clinic, 3, 10)
    first = plan["installments"][0]["id"]
    payment = await clinic.settle(invoice, "25.00", installment=first)
    await pass_days(clinic, 4)
    assert await said(clinic) == []
    of_payment = payment.settlements[0].payment_id
    await clinic.settle(invoice, "-25.00", PaymentCancelled, of_payment=of_payment, installment=first)
    await pass_days(clinic, 0)
    assert await said(clinic) == [("overdue", 1)]
    other = await clinic.settle(invoice, "25.00")
    await clinic.settle(invoice, "-25.00", PaymentCancelled, of_payment=other.settlements[0].payment_id)
    await pass_days(clinic, 1)
    assert await said(clinic) == [("overdue", 1)]


async def test_what_reopens_while_a_run_passes_it_over_is_said_by_the_next(clinic: Any) -> None:
    """PLN-4: the run has read that it is paid, and has not committed yet when the payment is cancelled."""
    invoice, _ = await planned(clinic, 0)
    payment = await clinic.settle(invoice, "25.00")
    await pass_days(clinic, 0)
    clinic.harness.clock.advance(timedelta(days=1))
    async with clinic.harness.database.transaction([clinic.id], "job") as work:
        settings = await clinics.find_many(work.connection, [clinic.id])
        assert await remind_of_installments(work, settings, 10) == 1
        of_payment = payment.settlements[0].payment_id
        cancelling = asyncio.create_task(clinic.settle(invoice, "-25.00", PaymentCancelled, of_payment=of_payment))

        async def waits_or_is_done() -> bool:
            async with clinic.harness.database.reading([]) as connection:
                return cancelling.done() or bool(await connection.scalar(text(WAITING)))

        await eventually(waits_or_is_done)
    await cancelling
    await clinic.harness.run_job(INSTALLMENTS)
    assert await said(clinic) == [("overdue", 1)]


async def test_what_remains_is_said_and_not_what_was_agreed(clinic: Any) -> None:
    invoice, _ = await planned(clinic, 0)
    await clinic.settle(invoice, "10.00")
    await pass_days(clinic, 0)
    (event,) = await clinic.announced(InstallmentDue)
    assert (event.amount.amount, event.remaining.amount) == ("25.00", "15.00")


async def test_a_rescheduled_or_cancelled_plan_is_silent_about_what_is_gone(clinic: Any) -> None:
    invoice, _ = await planned(clinic, 1, 2)
    wanted = {"count": 1, "first_due_date": str(today(clinic) + timedelta(days=20)), "reason": "r"}
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    answer = await clinic.api.post(f"{path}/reschedule", json=wanted, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    await pass_days(clinic, 5)
    assert await said(clinic) == []
    await clinic.post(f"{path}/cancel", {"reason": "r"}, 200)
    await pass_days(clinic, 30)
    assert await said(clinic) == []


async def test_a_kept_installment_is_not_said_again_after_a_rescheduling(clinic: Any) -> None:
    invoice, _ = await planned(clinic, 0, 30)
    await clinic.settle(invoice, "10.00")
    await pass_days(clinic, 0)
    wanted = {"count": 1, "first_due_date": str(today(clinic) + timedelta(days=20)), "reason": "r"}
    path = f"/v1/invoices/{invoice['id']}/installment-plan/reschedule"
    assert (await clinic.api.post(path, json=wanted, headers={"If-Match": '"1"'})).status_code == 200
    await pass_days(clinic, 1)
    assert await said(clinic) == [("due", 1)]


async def test_how_many_days_ahead_is_the_clinics_setting(clinic: Any) -> None:
    await clinic.configure(installment_due_soon_days=10)
    await planned(clinic, 10, 11)
    await clinic.harness.run_job(INSTALLMENTS)
    assert await said(clinic) == [("due_soon", 1)]
    answer = await clinic.api.put("/v1/clinic", json={"installment_due_soon_days": 91})
    assert "installment_due_soon_days" in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("zone", "utc", "expected"),
    [
        ("Pacific/Pago_Pago", (2030, 3, 10, 10, 30), ["due_soon"]),
        ("Pacific/Kiritimati", (2030, 3, 10, 10, 30), ["overdue"]),
        ("America/New_York", (2030, 3, 10, 4, 30), ["due_soon"]),
        ("America/New_York", (2030, 3, 10, 5, 30), ["due"]),
    ],
)
def test_a_step_is_that_of_the_clinics_day(zone: str, utc: tuple[int, ...], expected: list[str]) -> None:
    """UTC-11 to UTC+14, and New York on the day when its clocks change, at half past its own midnight."""
    from chassis.clock import today as day_in

    here = day_in(datetime(*utc, tzinfo=UTC), zone)  # type: ignore[misc, arg-type]
    assert [step_on(date(2030, 3, 10), here, 3)] == expected


async def test_clinics_at_both_ends_of_the_calendar_are_told_by_their_own_day(clinic: Any) -> None:
    told = []
    harness = clinic.harness
    harness.clock.advance(timedelta(hours=19, minutes=30))  # 10:30 UTC
    for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati"):
        clinic_id = new_id()
        async with harness.client(clinic_id=clinic_id) as api:
            other = type(clinic)(harness, api, clinic_id)
            await other.configure(time_zone=zone)
            shift = -1 if zone.endswith("Pago_Pago") else 1
            due = today(clinic) + timedelta(days=shift)
            invoice = await other.invoice(other.custom("10.00"))
            await _agree(api, invoice, due)
            await harness.run_job(INSTALLMENTS)
            told += await said(other)
    harness.clock.advance(timedelta(hours=4, minutes=30))
    assert told == [("due", 1), ("due", 1)]


async def _agree(api: httpx.AsyncClient, invoice: dict[str, Any], due: date) -> None:
    body = {"count": 1, "first_due_date": str(due)}
    answer = await api.post(f"/v1/invoices/{invoice['id']}/installment-plan", json=body)
    assert answer.status_code == 201, answer.text


async def test_what_was_said_of_an_installment_is_not_said_again_when_it_comes_back(clinic: Any) -> None:
    """PLN-4, PLN-7: the plan had ended by a credit note of all, and lives again as that is undone."""
    invoice, _ = await planned(clinic, 0, 30)
    await pass_days(clinic, 0)
    assert await said(clinic) == [("due", 1)]
    note = await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", {"kind": "courtesy", "reason": "r"})
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "r"})
    await pass_days(clinic, 0)
    assert await said(clinic) == [("due", 1)]
    await pass_days(clinic, 1)
    assert await said(clinic) == [("due", 1), ("overdue", 1)]


async def test_of_an_agreement_that_already_runs_only_what_is_due_first_is_said(clinic: Any) -> None:
    """PLN-9: no flood for the days before it was recorded; of what comes after, everything as usual."""
    invoice = await clinic.invoice(*(clinic.custom("25.00") for _ in range(4)))
    payment = await clinic.settle(invoice, "25.00")
    days = [str(today(clinic) + timedelta(days=day)) for day in (-90, -60, -30, 1)]
    body = {
        "installments": [{"amount": clinic.usd("25.00"), "due_date": day} for day in days],
        "agreed_on": days[0],
        "already_paid": clinic.usd("25.00"),
    }
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", body)
    await pass_days(clinic, 0)
    assert sorted(await said(clinic)) == [("due_soon", 4), ("overdue", 2)]
    await clinic.settle(invoice, "-25.00", PaymentCancelled, of_payment=payment.settlements[0].payment_id)
    await pass_days(clinic, 0)
    assert sorted(await said(clinic)) == [("due_soon", 4), ("overdue", 1), ("overdue", 2)]
    await pass_days(clinic, 2)
    assert sorted(await said(clinic))[1:] == [("overdue", 1), ("overdue", 2), ("overdue", 4)]


async def test_an_installment_that_was_moved_is_said_to_be_due_on_its_new_day(clinic: Any) -> None:
    """PLN-4, PLN-10: also after its old day had been announced."""
    _, plan = await planned(clinic, 0, 30)
    await pass_days(clinic, 0)
    body = {"due_date": str(today(clinic) + timedelta(days=20)), "reason": "her salary comes then"}
    await clinic.post(f"/v1/installments/{plan['installments'][0]['id']}/move", body, 200)
    await pass_days(clinic, 1)
    assert await said(clinic) == [("due", 1)]
    await pass_days(clinic, 19)
    assert await said(clinic) == [("due", 1), ("due", 1)]
    first, second = await clinic.announced(InstallmentDue)
    assert (second.due_date - first.due_date).days == 20


async def test_an_invoice_is_said_to_be_overdue_once(clinic: Any) -> None:
    """INV-9: the day after its due date."""
    await clinic.configure(due_days=2)
    invoice = await clinic.invoice(clinic.custom("40.00"))
    paid = await clinic.invoice(clinic.custom("40.00"))
    payment = await clinic.settle(paid, "40.00")
    await clinic.settle(invoice, "15.00")
    for days, expected in ((2, 0), (1, 1), (0, 1), (30, 1)):
        clinic.harness.clock.advance(timedelta(days=days))
        await clinic.harness.run_job(INVOICES)
        assert len(await clinic.announced(InvoiceOverdue)) == expected
    (event,) = await clinic.announced(InvoiceOverdue)
    assert (str(event.invoice_id), event.number, event.outstanding.amount) == (
        invoice["id"],
        invoice["number"],
        "25.00",
    )
    assert (event.on - event.due_date).days == 1
    await clinic.settle(paid, "-40.00", PaymentCancelled, of_payment=payment.settlements[0].payment_id)
    await clinic.harness.run_job(INVOICES)
    assert [str(one.invoice_id) for one in await clinic.announced(InvoiceOverdue)] == [invoice["id"], paid["id"]]


async def test_an_invoice_with_a_live_plan_is_not_said_to_be_overdue_until_that_ends(clinic: Any) -> None:
    await clinic.configure(due_days=0)
    invoice, _ = await planned(clinic, 40)
    clinic.harness.clock.advance(timedelta(days=5))
    await clinic.harness.run_job(INVOICES)
    assert await clinic.announced(InvoiceOverdue) == []
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan/cancel", {"reason": "r"}, 200)
    await clinic.harness.run_job(INVOICES)
    (event,) = await clinic.announced(InvoiceOverdue)
    assert str(event.invoice_id) == invoice["id"]
