"""From an installment's event to the mail server: what remains now, once, to who wants it (NOT-1 to NOT-4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.event import Actor, Amount
from contracts.installments import (
    InstallmentDue,
    InstallmentDueSoon,
    InstallmentOverdue,
    InstallmentPlanAgreed,
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
    InvoiceOverdue,
    PlannedInstallment,
)

CLERK = Actor(subject="clerk:test")
BOTH = ("documents", "reminders")


def usd(minor: int) -> Amount:
    return Amount(amount=f"{minor // 100}.{minor % 100:02}", currency="USD")


class Plan:
    """An invoice of 120.00 and its plan of three times 40.00: due today, in 30 and in 60 days."""

    def __init__(self, practice: Any) -> None:
        self.practice = practice
        self.invoice = practice.issued_invoice("120.00")
        self.plan_id = new_id()
        self.today: date = (practice.at - timedelta(hours=5)).date()
        self.ids: list[UUID] = [new_id() for _ in range(3)]

    def agreed(self) -> InstallmentPlanAgreed:
        return InstallmentPlanAgreed(**self._plan(1))

    def changed(self, version: int = 2, cause: str = "rescheduled", days: int = 0) -> InstallmentPlanChanged:
        return InstallmentPlanChanged.model_validate(self._plan(version, days) | {"cause": cause})

    def ended(self, version: int = 2, cause: str = "cancelled") -> InstallmentPlanCancelled:
        return InstallmentPlanCancelled.model_validate(self._plan(version) | {"cause": cause})

    def remind(self, kind: type[Any], position: int = 1, remaining: int = 4_000, outstanding: int = 12_000) -> Any:
        return kind(
            **self._about(),
            installment_id=self.ids[position - 1],
            plan_id=self.plan_id,
            invoice_number=self.invoice.number,
            position=position,
            installments=3,
            due_date=self.due(position),
            on=self.today,
            amount=usd(4_000),
            remaining=usd(remaining),
            outstanding=usd(outstanding),
        )

    def overdue(self) -> InvoiceOverdue:
        return InvoiceOverdue(
            **self._about(),
            number=self.invoice.number,
            due_date=self.today - timedelta(days=1),
            on=self.today,
            total=usd(12_000),
            outstanding=usd(12_000),
        )

    def paid(self, minor: int, left: int, position: int | None = None) -> Any:
        change = self.practice.settlement(self.invoice, new_id(), usd(minor).amount, usd(left).amount)
        named = change.model_copy(update={"installment_id": self.ids[position - 1] if position else None})
        return self.practice.paid(usd(minor).amount, settlements=(named,))

    def due(self, position: int) -> date:
        return self.today + timedelta(days=30 * (position - 1))

    def _about(self) -> dict[str, Any]:
        practice = self.practice
        return {
            "clinic_id": practice.clinic_id,
            "occurred_at": practice.at,
            "invoice_id": self.invoice.invoice_id,
            "patient_id": practice.patient_id,
        }

    def _plan(self, version: int, days: int = 0) -> dict[str, Any]:
        planned = tuple(
            PlannedInstallment(
                installment_id=one,
                position=position,
                kind="installment",
                due_date=self.due(position) + timedelta(days=days),
                amount=usd(4_000),
                remaining=usd(4_000),
            )
            for position, one in enumerate(self.ids, 1)
        )
        return self._about() | {
            "plan_id": self.plan_id,
            "version": version,
            "invoice_number": self.invoice.number,
            "agreed_on": self.today,
            "total": usd(12_000),
            "outstanding": usd(12_000),
            "installments": planned,
            "by": CLERK,
        }


async def known(desk: Any, practice: Any, consents: tuple[str, ...] = BOTH, *more: Any, **changes: Any) -> Plan:
    """The clinic, the patient and the invoice, whose own email is out of the way."""
    plan = Plan(practice)
    await desk.tell(practice.configured(), practice.registered(consents, **changes), plan.invoice, *more)
    desk.mail.forget()
    desk.documents.asked.clear()
    return plan


async def states(desk: Any, practice: Any) -> dict[str, tuple[str, str | None]]:
    """What became of each notice."""
    return {message["notice"]: (message["state"], message["cause"]) for message in await desk.messages(practice)}


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


@pytest.mark.rule("NOT-3.1")
@pytest.mark.parametrize(
    ("kind", "position", "subject"),
    [
        (InstallmentDueSoon, 2, "An installment is due on "),
        (InstallmentDue, 1, "Your installment of "),
        (InstallmentOverdue, 1, "Reminder: your installment of "),
    ],
)
async def test_an_installment_is_reminded_of_once(
    desk: Any, practice: Any, kind: type[Any], position: int, subject: str
) -> None:
    """NOT-1, NOT-3, PLN-4."""
    plan = await known(desk, practice)
    await desk.tell(plan.agreed())
    desk.mail.forget()
    reminder = plan.remind(kind, position)
    (delivered,) = await desk.harness.deliver(reminder)
    await desk.send()
    await desk.harness.deliver(delivered)
    await desk.send()
    (mail,) = desk.mail.taken
    assert mail["Subject"].startswith(subject)
    assert "To pay: $40.00" in text_of(mail)
    assert f"Installment: {position}/3" in text_of(mail)
    assert "INV-2026-000007" in text_of(mail)
    assert "Still open: $120.00" in text_of(mail)
    assert list(mail.iter_attachments()) == []


@pytest.mark.rule("NOT-4.1", "NOT-4.2")
async def test_what_was_paid_meanwhile_is_not_asked_for(desk: Any, practice: Any) -> None:
    """NOT-4: the first is paid; of the second, which a payment names, 15.00 remain."""
    plan = await known(desk, practice)
    await desk.tell(plan.agreed())
    desk.mail.forget()
    await desk.harness.deliver(
        plan.remind(InstallmentDue, 1),
        plan.remind(InstallmentDueSoon, 2),
        plan.paid(4_000, 8_000),
        plan.paid(2_500, 5_500, position=2),
    )
    await desk.send()
    (mail,) = desk.mail.taken
    assert "To pay: $15.00" in text_of(mail)
    assert "Still open: $55.00" in text_of(mail)
    found = await states(desk, practice)
    assert found["installment_due"] == ("suppressed", "no_longer_true")
    assert found["installment_due_soon"][0] == "sent"


@pytest.mark.rule("NOT-4.3")
async def test_quiet_hours_defer_a_reminder_and_the_look_is_taken_again(desk: Any, practice: Any) -> None:
    """NOT-4: paid in the night, not asked for in the morning."""
    plan = await known(desk, practice)
    await desk.tell(plan.agreed())
    desk.mail.forget()
    async with desk.harness.client("settings:read settings:write", practice.clinic_id) as client:
        etag = (await client.get("/v1/notification-settings")).headers["ETag"]
        local = desk.clock.now() - timedelta(hours=5)
        quiet = {"start": f"{local.hour:02}:00:00", "end": f"{(local.hour + 2) % 24:02}:00:00"}
        wanted = {"quiet_hours": quiet, "reason": "as agreed"}
        answer = await client.put("/v1/notification-settings", json=wanted, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text
    await desk.tell(plan.remind(InstallmentOverdue, 1), plan.remind(InstallmentOverdue, 2))
    assert desk.mail.taken == []
    await desk.harness.deliver(plan.paid(4_000, 8_000))
    await desk.send(after=timedelta(hours=3))
    (mail,) = desk.mail.taken
    assert "Installment: 2/3" in text_of(mail)


@pytest.mark.rule("NOT-2.3")
async def test_opting_out_of_reminders_silences_them_and_not_what_was_agreed(desk: Any, practice: Any) -> None:
    """NOT-2."""
    plan = await known(desk, practice, ("documents",))
    await desk.tell(plan.agreed(), plan.remind(InstallmentOverdue), plan.overdue())
    (mail,) = desk.mail.taken
    assert mail["Subject"] == "Your installment plan for invoice INV-2026-000007"
    found = await states(desk, practice)
    assert found["installment_overdue"] == ("suppressed", "no_consent")


@pytest.mark.rule("NOT-4.4")
async def test_what_was_agreed_is_told_as_its_document_says_and_what_is_open_now_beside_it(
    desk: Any, practice: Any
) -> None:
    """RCP-9.1: 50.00 were paid before the mail went out, and of the rest an insurer is to pay 30.00 (`INS-4`)."""
    plan = await known(desk, practice)
    agreed = plan.agreed()
    parts = [part.model_copy(update={"patient_part": usd(3_000)}) for part in agreed.installments]
    await desk.harness.deliver(agreed.model_copy(update={"installments": tuple(parts)}), plan.paid(5_000, 7_000))
    await desk.send()
    (mail,) = desk.mail.taken
    assert "We have agreed that you pay $90.00 of invoice" in text_of(mail)
    assert "Still open: $70.00" in text_of(mail)


async def test_what_was_agreed_goes_out_with_its_pdf(desk: Any, practice: Any) -> None:
    """NOT-1, NOT-5."""
    plan = await known(desk, practice, language="de-DE")
    await desk.tell(plan.agreed())
    (mail,) = desk.mail.taken
    assert mail["Subject"] == "Ihr Ratenplan zur Rechnung INV-2026-000007"
    assert "Nächste Rate: 40,00 $" in text_of(mail).replace("\xa0", " ")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["installment-plan-INV-2026-000007.pdf"]
    assert desk.documents.asked == [f"/v1/installment-plans/{plan.plan_id}/agreement.pdf"]


async def test_a_plan_that_was_changed_before_it_was_told_is_told_as_it_is_now(desk: Any, practice: Any) -> None:
    """NOT-4, PLN-5: its reminders end with the version that they were of."""
    plan = await known(desk, practice)
    old = plan.remind(InstallmentDue, 1)
    plan_before = plan.agreed()
    plan.ids = [new_id() for _ in range(3)]
    await desk.tell(plan_before, old, plan.changed(days=10))
    (mail,) = desk.mail.taken
    assert mail["Subject"] == "Your installment plan for invoice INV-2026-000007 has changed"
    found = await states(desk, practice)
    assert found["plan_agreed"] == found["installment_due"] == ("suppressed", "no_longer_true")


async def test_a_plan_that_a_person_ended_is_told_and_one_that_ended_by_itself_is_not(desk: Any, practice: Any) -> None:
    plan = await known(desk, practice)
    await desk.tell(plan.agreed())
    desk.mail.forget()
    await desk.tell(plan.remind(InstallmentOverdue), plan.ended())
    (mail,) = desk.mail.taken
    assert mail["Subject"] == "Your installment plan for invoice INV-2026-000007 has ended"
    assert "$120.00" in text_of(mail)
    assert (await states(desk, practice))["installment_overdue"] == ("suppressed", "no_longer_true")
    other = await known(desk, type(practice)(at=practice.at))
    await desk.tell(other.agreed(), other.ended(cause="invoice_credited"))
    assert "plan_cancelled" not in await states(desk, other.practice)


async def test_an_overdue_invoice_is_reminded_of_with_the_invoice(desk: Any, practice: Any) -> None:
    """INV-9, NOT-4: it names what is open now."""
    plan = await known(desk, practice)
    await desk.harness.deliver(plan.overdue(), plan.paid(2_000, 10_000))
    await desk.send()
    (mail,) = desk.mail.taken
    assert mail["Subject"] == "Reminder: invoice INV-2026-000007 from Smile Dental"
    assert "$100.00 of it is still open" in text_of(mail)
    assert "Was due on: " in text_of(mail)
    assert desk.documents.asked == [f"/v1/invoices/{plan.invoice.invoice_id}/pdf"]


@pytest.mark.rule("INV-15.2")
@pytest.mark.rule("NOT-2.4")
@pytest.mark.parametrize("documents", ["attached", "linked"])
async def test_who_allowed_reminders_alone_is_reminded_without_the_invoice(
    desk: Any, practice: Any, documents: str
) -> None:
    """It says what was done to whom."""
    if documents == "linked":
        settings = {"documents": "linked", "document_link": "https://portal.example/{id}", "reason": "x"}
        async with desk.harness.client("settings:write", practice.clinic_id) as client:
            await client.put("/v1/notification-settings", json=settings, headers={"If-Match": '"0"'})
    plan = Plan(practice)
    await desk.tell(practice.configured(), practice.registered(("reminders",)), plan.overdue())
    (mail,) = desk.mail.taken
    text = mail.get_body(("plain",)).get_content()
    assert (list(mail.iter_attachments()), desk.documents.asked) == ([], [])
    assert "PDF" not in text
    assert "portal.example" not in text
    assert "Still open: $120.00" in text


async def test_an_overdue_invoice_that_got_a_plan_meanwhile_is_not_reminded_of(desk: Any, practice: Any) -> None:
    """NOT-4."""
    plan = await known(desk, practice)
    await desk.tell(plan.overdue(), plan.agreed())
    assert (await states(desk, practice))["invoice_overdue"] == ("suppressed", "no_longer_true")


@pytest.mark.rule("NOT-1.1")
async def test_each_notice_has_a_switch_a_delay_and_words_of_its_own(desk: Any, practice: Any) -> None:
    """NOT-1."""
    plan = await known(desk, practice)
    wanted = {
        "notices": {
            "plan_agreed": {"enabled": False},
            "installment_overdue": {
                "offset_days": 3,
                "texts": {"en": {"subject": "{amount} since {date}", "body": "Please call {clinic}."}},
            },
        }
    }
    async with desk.harness.client("settings:read settings:write", practice.clinic_id) as client:
        etag = (await client.get("/v1/notification-settings")).headers["ETag"]
        changed = wanted | {"reason": "as agreed"}
        answer = await client.put("/v1/notification-settings", json=changed, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text
        preview = await client.post("/v1/templates/preview", json={"notice": "installment_overdue", "language": "en"})
        assert preview.json()["subject"].startswith("€123.45 since ")
    await desk.tell(plan.agreed(), plan.remind(InstallmentOverdue))
    assert desk.mail.taken == []
    await desk.send(after=timedelta(days=3, minutes=1))
    (mail,) = desk.mail.taken
    assert mail["Subject"].startswith("$40.00 since ")
    assert (await states(desk, practice))["plan_agreed"] == ("suppressed", "switched_off")
