"""A forgotten patient's account is read by its id as before; what was noted of the payments is gone (`ALL-9`)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from chassis.database.clinic_directory import prove_clinics
from chassis.testing.scanning import places_of
from contracts.patients import PatientForgotten
from payments.persistence import proof
from payments_desk import FrontDesk, good, usd

WORDS = ("qqzyzx",)


def forgotten(desk: FrontDesk) -> PatientForgotten:
    return PatientForgotten(clinic_id=desk.clinic_id, occurred_at=desk.harness.clock.now(), patient_id=desk.patient_id)


async def test_notes_are_emptied_and_the_account_stays(desk: FrontDesk) -> None:
    """ALL-9, PAY-9, ALL-8: the note, those before each edit, and the answers that a key would repeat."""
    invoice = await desk.invoice("120.00")
    payment = await desk.paid("50.00", invoice, note="Qqzyzx fainted")
    path = f"/v1/payments/{payment['id']}"
    tag = (await desk.client.get(path)).headers["etag"]
    good(await desk.client.patch(path, json={"note": "her mother is Mrs Qqzyzx"}, headers={"If-Match": tag}))
    account = f"/v1/patients/{desk.patient_id}/account"
    before = good(await desk.client.get(account))
    await desk.harness.deliver(forgotten(desk))
    left = await places_of(desk.harness.owned, WORDS)
    assert left.keys() <= {"outbox.data"}  # until it is published
    after = good(await desk.client.get(account))
    assert [line["balance"] for line in after["items"]] == [line["balance"] for line in before["items"]]
    found = good(await desk.client.get(path))
    assert (found["note"], found["amount"]) == (None, usd("50.00"))
    assert (await prove_clinics(desk.harness.database, proof.prove)).differences == []


async def test_the_first_answer_is_given_again_without_the_note(desk: FrontDesk) -> None:
    """ALL-9, ALL-1."""
    body = {"patient_id": str(desk.patient_id), "method": "cash", "amount": usd("10.00"), "note": "Qqzyzx"}
    key = {"Idempotency-Key": "twice"}
    first = await desk.client.post("/v1/payments", json=body | {"allow_overpayment": True}, headers=key)
    await desk.harness.deliver(forgotten(desk))
    again = await desk.client.post("/v1/payments", json=body | {"allow_overpayment": True}, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.status_code == first.status_code
    if first.status_code == 201:
        assert again.json() == first.json() | {"note": None}


async def test_an_answer_kept_does_not_say_who_paid_in_the_patients_place(desk: FrontDesk) -> None:
    """ALL-9: a mother's name stood in it for as long as the key is kept; the books have it all the same."""
    payer = {"kind": "third_party", "payer_id": str(desk.clinic_id), "name": "Mrs Wqxjvk"}
    body = {"patient_id": str(desk.patient_id), "method": "cash", "amount": usd("10.00"), "payer": payer}
    key = {"Idempotency-Key": "mother"}
    first = good(await desk.client.post("/v1/payments", json=body, headers=key), 201)
    await desk.harness.deliver(forgotten(desk))
    left = await places_of(desk.harness.owned, ("wqxjvk",))
    assert not any(place.startswith("idempotency_keys") for place in left), left
    again = await desk.client.post("/v1/payments", json=body, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first | {"payer": first["payer"] | {"name": None}}
    assert (await desk.payment(first["id"]))["payer"] == first["payer"]


async def test_another_patient_s_notes_stay(desk: FrontDesk) -> None:
    """ALL-9."""
    payment = await desk.paid("10.00", note="of somebody else")
    other = PatientForgotten(clinic_id=desk.clinic_id, occurred_at=desk.harness.clock.now(), patient_id=desk.clinic_id)
    await desk.harness.deliver(other, forgotten(FrontDesk(desk.harness)))
    assert (await desk.payment(payment["id"]))["note"] == "of somebody else"


@pytest.mark.rule("ALL-9.3")
async def test_nothing_is_noted_of_a_forgotten_patient_any_more(desk: FrontDesk) -> None:
    """ALL-9, ALL-2: the field is named, and nothing is recorded; without a note money is money."""
    payment = await desk.paid("50.00")
    await desk.harness.deliver(forgotten(desk))
    path = f"/v1/payments/{payment['id']}"
    tag = (await desk.client.get(path)).headers["etag"]
    body = {"patient_id": str(desk.patient_id), "method": "cash", "amount": usd("10.00"), "allow_overpayment": True}
    part = {"patient_id": str(desk.patient_id), "amount": usd("10.00"), "allocations": [], "note": "Mrs Qqzyzx"}
    transfer = {
        "insurer": {"payer_id": str(desk.clinic_id), "name": "Harbor Dental"},
        "external_reference": "ERA 1",
        "amount": usd("10.00"),
        "allow_overpayment": True,
        "payments": [part],
    }
    refused = [
        (await desk.client.post("/v1/payments", json=body | {"note": "Mrs Qqzyzx paid"}), "note"),
        (await desk.client.patch(path, json={"note": "Mrs Qqzyzx"}, headers={"If-Match": tag}), "note"),
        (await desk.client.post("/v1/remittances", json=transfer), "payments[0].note"),
    ]
    for answer, field in refused:
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (422, "patient-forgotten")
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert "was forgotten" in answer.json()["detail"]
    assert (await places_of(desk.harness.owned, WORDS)).keys() <= {"outbox.data"}
    good(await desk.client.post("/v1/payments", json=body), 201)
    good(await desk.client.patch(path, json={"note": None}, headers={"If-Match": tag}))


async def test_another_clinic_s_patient_of_the_same_id_may_be_noted_of(desk: FrontDesk) -> None:
    """ALL-9, ALL-4."""
    elsewhere = FrontDesk(desk.harness)
    event = PatientForgotten(
        clinic_id=elsewhere.clinic_id, occurred_at=desk.harness.clock.now(), patient_id=desk.patient_id
    )
    await desk.harness.deliver(event)
    assert (await desk.paid("10.00", note="a patient of ours"))["note"] == "a patient of ours"


async def test_a_note_that_is_written_while_the_patient_is_forgotten_does_not_stay(desk: FrontDesk) -> None:
    """ALL-9: whoever comes first, it is refused or emptied."""
    payment = await desk.paid("50.00")
    path = f"/v1/payments/{payment['id']}"
    tag = (await desk.client.get(path)).headers["etag"]
    body = {"patient_id": str(desk.patient_id), "method": "cash", "amount": usd("10.00"), "allow_overpayment": True}
    answers: list[Any] = await asyncio.gather(
        *(desk.client.post("/v1/payments", json=body | {"note": "Mrs Qqzyzx paid"}) for _ in range(4)),
        desk.client.patch(path, json={"note": "Mrs Qqzyzx"}, headers={"If-Match": tag}),
        desk.harness.deliver(forgotten(desk)),
    )
    assert {answer.status_code for answer in answers[:-1]} <= {200, 201, 422}
    assert (await places_of(desk.harness.owned, WORDS)).keys() <= {"outbox.data"}
