"""Whom a message reached is in no log any more once a patient is forgotten, whatever was on its way (`ALL-9`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.scanning import places_of
from contracts.patients import PatientForgotten, PatientMerged
from contracts.payments import Payer
from notifications.channels.channel import Answer, Outcome
from notifications.persistence import messages as log
from notifications.use_cases.record_outcome import RecordOutcome, record_outcome
from notifications.use_cases.reserve_message import ReserveMessage, reserve_message

MAIL, PAYER = "qqzyzx@example.org", "Qqgrandma"
WORDS = ("qqzyzx", "qqgrandma")


def forgotten(practice: Any) -> PatientForgotten:
    return PatientForgotten(clinic_id=practice.clinic_id, occurred_at=practice.at, patient_id=practice.patient_id)


def merged(practice: Any, *, into: UUID, occurred_at: datetime | None = None) -> PatientMerged:
    return PatientMerged(
        clinic_id=practice.clinic_id,
        occurred_at=occurred_at or practice.at,
        patient_id=into,
        merged_patient_id=practice.patient_id,
    )


async def told(desk: Any, practice: Any, said: str | None = None) -> None:
    """A receipt of what somebody else paid goes to the patient, and the mail server answers."""
    practice.email = MAIL
    desk.mail.script[:] = [said] if said else []
    payment = practice.paid(payer=Payer(kind="third_party", name=PAYER))
    await desk.tell(practice.configured(), practice.registered(), payment, practice.receipt(payment))


@pytest.mark.parametrize("said", [None, f"550 5.1.1 <{MAIL}> is unknown", f"451 <{MAIL}> is greylisted"])
async def test_the_log_says_that_something_was_sent_and_not_to_whom(desk: Any, practice: Any, said: str | None) -> None:
    """ALL-9, NOT-6: the address, and the mail server's answer, which may quote it."""
    await told(desk, practice, said)
    before = await places_of(desk.harness.owned, WORDS)
    assert {"messages.address", "patients.contact_points", "transactions.payer_name"} <= before.keys()
    await desk.tell(forgotten(practice))
    assert await places_of(desk.harness.owned, WORDS) == {}
    (message,) = await desk.messages(practice)
    assert message["notice"] == "payment_recorded"
    assert message["recipient"] is None or "q" not in message["recipient"]


async def test_nothing_more_goes_out(desk: Any, practice: Any) -> None:
    """ALL-9, NOT-2: what was planned has no address, and what happens afterwards neither."""
    practice.email = MAIL
    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    await desk.tell(forgotten(practice), practice.changed(99))
    later = practice.paid()
    await desk.tell(later, practice.receipt(later))
    assert desk.mail.taken == []
    assert [(message["state"], message["cause"]) for message in await desk.messages(practice)] == [
        ("suppressed", "no_address")
    ] * 2
    assert await places_of(desk.harness.owned, WORDS) == {}


@pytest.mark.parametrize("order", ["PFR", "FPR", "RFP", "FRP", "PRF", "RPF", "PF", "FP"])
@pytest.mark.parametrize("known", ["registered", "merged", "unheard of"])
async def test_who_paid_in_their_place_is_forgotten_in_whatever_order(
    desk: Any, practice: Any, order: str, known: str
) -> None:
    """ALL-9: payment, receipt and forgetting are three events, of a patient whom the register told of, or did not."""
    payment = practice.paid(payer=Payer(kind="third_party", name=PAYER))
    events = {"P": payment, "R": practice.receipt(payment), "F": forgotten(practice)}
    if known != "unheard of":
        await desk.harness.deliver(practice.configured(), practice.registered())
    if known == "merged":
        await desk.harness.deliver(merged(practice, into=new_id()))
    await desk.tell(*(events[one] for one in order))
    assert await places_of(desk.harness.owned, WORDS) == {}


async def test_who_paid_is_not_kept_in_what_is_set_aside_either(desk: Any, practice: Any) -> None:
    """ALL-9, ALL-7: before or after the forgetting; the payment still counts once it is handled."""
    payment = practice.paid(payer=Payer(kind="third_party", name=PAYER))
    spoilt = [
        replace(desk.harness._message(payment), id=str(new_id()), data=b'{"payer": {"name": "Qqgrandma"}}')
        for _ in range(2)
    ]
    await desk.harness.deliver(spoilt[0], payment)
    await desk.harness.deliver(forgotten(practice))
    assert await places_of(desk.harness.owned, WORDS) == {}
    await desk.harness.deliver(spoilt[1])
    assert await places_of(desk.harness.owned, WORDS) == {}


@pytest.mark.parametrize("taken_back", [False, True])
@pytest.mark.parametrize("said", [None, f"550 5.1.1 <{MAIL}> is unknown"])
async def test_whose_contact_it_was_is_forgotten_in_the_messages_of_a_record_merged_into_theirs(
    desk: Any, practice: Any, said: str | None, taken_back: bool
) -> None:
    """ALL-9, ALL-10: the other record is not forgotten, and stands by itself again, maybe."""
    practice.email = MAIL
    desk.mail.script[:] = [said] if said else []
    other = replace(practice, patient_id=new_id(), email="other@example.org")
    joined = merged(other, into=practice.patient_id)
    await desk.harness.deliver(practice.configured(), practice.registered(), other.registered(), joined)
    payment = other.paid()
    await desk.tell(payment, other.receipt(payment))
    assert "messages.address" in await places_of(desk.harness.owned, WORDS)
    if taken_back:
        later = practice.at + timedelta(days=1)
        await desk.harness.deliver(merged(other, into=other.patient_id, occurred_at=later))
    await desk.tell(forgotten(practice))
    assert await places_of(desk.harness.owned, WORDS) == {}


async def test_who_paid_for_somebody_else_stays(desk: Any, practice: Any) -> None:
    """ALL-9, ALL-4: another patient's payment, and the same patient's id in another clinic."""
    for other in (replace(practice, patient_id=new_id()), replace(practice, clinic_id=new_id())):
        await desk.harness.deliver(forgotten(practice), other.paid(payer=Payer(kind="third_party", name=PAYER)))
        assert await places_of(desk.harness.owned, WORDS) == {"transactions.payer_name": {"qqgrandma"}}
        await desk.harness.deliver(forgotten(other))


async def test_an_answer_that_comes_afterwards_is_kept_without_its_words(desk: Any, practice: Any) -> None:
    """ALL-9: the mail was with the server when its patient was forgotten."""
    practice.email = MAIL
    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    (message,) = await desk.messages(practice)
    channels = desk.harness.resources.state.sending.channels
    async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
        found = await log.get(work, message["id"])
        assert found is not None
        claimed = await reserve_message(work, ReserveMessage(found.id, b"%PDF"), channels)
        assert claimed is not None
    await desk.harness.deliver(forgotten(practice))
    answer = Answer(Outcome.REFUSED, f"550 5.1.1 <{MAIL}> is unknown")
    async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
        await record_outcome(work, RecordOutcome(claimed.message, answer, 0.5))
    (message,) = await desk.messages(practice)
    assert (message["state"], message["provider_answer"]) == ("refused", None)
    assert await places_of(desk.harness.owned, WORDS) == {}
