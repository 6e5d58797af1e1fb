"""Two records of the register are one patient, who is told at the address of the record that goes on (`ALL-10`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.patients import PatientMerged


def merged(practice: Any, other: Any) -> PatientMerged:
    return PatientMerged(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        patient_id=practice.patient_id,
        merged_patient_id=other.patient_id,
    )


@pytest.mark.rule("ALL-10.1")
async def test_the_patient_is_told_where_the_record_that_goes_on_says_and_once(desk: Any, practice: Any) -> None:
    """ALL-10, NOT-2, NOT-3: also of what was planned before the register said it."""
    other = replace(practice, patient_id=new_id(), email="old@example.org")
    await desk.harness.deliver(practice.configured(), practice.registered(), other.registered(given_name="Zo"))
    payment = other.paid()
    await desk.harness.deliver(payment, other.receipt(payment))
    await desk.harness.deliver(merged(practice, other))
    await desk.send()
    (mail,) = desk.mail.taken
    assert mail["To"] == "Zoë Miller <zoe.miller@example.org>"
    second = practice.paid()
    await desk.tell(second, practice.receipt(second), merged(practice, other))
    logs = [await desk.messages(practice, patient_id=str(one.patient_id)) for one in (practice, other)]
    assert [one["patient_id"] for one in logs[0]] == [str(practice.patient_id), str(other.patient_id)]
    assert logs[0] == logs[1]


async def test_what_the_record_that_goes_on_does_not_consent_to_is_not_sent(desk: Any, practice: Any) -> None:
    """ALL-10, NOT-2."""
    other = replace(practice, patient_id=new_id(), email="old@example.org")
    await desk.harness.deliver(practice.configured(), practice.registered(()), other.registered())
    await desk.harness.deliver(merged(practice, other))
    payment = other.paid()
    await desk.tell(payment, other.receipt(payment))
    assert desk.mail.taken == []
    assert [(message["state"], message["cause"]) for message in await desk.messages(practice)] == [
        ("suppressed", "no_consent")
    ]
