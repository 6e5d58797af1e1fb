"""A statement says what the patient is asked for next: an invoice or an installment, not what insurers pay (PLN-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.adjudications import AdjudicationApplied, Shares
from installments_agreed import planned
from insurers_told import DELTA as TOLD
from insurers_told import Claims
from payments_desk import FrontDesk, good, usd

from contracts import Amount

Json = dict[str, Any]
DELTA = {"payer_id": str(new_id()), "name": "Delta Dental"}


async def statement(desk: FrontDesk, **query: str) -> Json:
    return good(await desk.client.get(f"/v1/patients/{desk.patient_id}/statement", params=query))


async def following(desk: FrontDesk, **query: str) -> tuple[str | None, int | None, str] | None:
    """Which installment, its place, and how much."""
    one = (await statement(desk, **query))["next_due"]
    return None if one is None else (one["installment_id"], one["position"], one["amount"]["amount"])


def decided(
    desk: FrontDesk, invoice: UUID, paid: str, patient: str, undecided: str = "0.00", estimated: str | None = None
) -> AdjudicationApplied:
    amounts = {name: Amount(**usd(amount)) for name, amount in (("paid", paid), ("patient", patient), ("none", "0.00"))}
    none = amounts["none"]
    return AdjudicationApplied(
        clinic_id=desk.clinic_id,
        occurred_at=desk.harness.clock.now(),
        decision_id=new_id(),
        claim_id=new_id(),
        invoice_id=invoice,
        invoice_number=desk.numbers[invoice],
        patient_id=desk.patient_id,
        payer_id=UUID(DELTA["payer_id"]),
        payer_name=DELTA["name"],
        payer_sequence="primary",
        charge=amounts["paid"],
        paid=amounts["paid"],
        contractual=none,
        patient_responsibility=amounts["patient"],
        other=none,
        written_off=none,
        shares=Shares(
            paid=amounts["paid"],
            written_off=none,
            patient_part=amounts["patient"],
            undecided=Amount(**usd(undecided)),
            overpaid=none,
        ),
        estimated=None if estimated is None else Amount(**usd(estimated)),
        lines=(),
    )


async def test_it_is_the_oldest_unpaid_installment_and_then_the_next(desk: FrontDesk) -> None:
    assert await following(desk) is None
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    assert await following(desk) == (str(first), 1, "50.00")
    await desk.paid("20.00", invoice)
    assert await following(desk) == (str(first), 1, "30.00")
    await desk.paid("30.00", invoice)
    assert await following(desk) == (str(second), 2, "50.00")
    plain = await desk.invoice("10.00")
    one = (await statement(desk))["next_due"]
    assert one["invoice_id"] in (str(plain), str(invoice))
    await desk.paid("60.00", invoice, plain)
    assert await following(desk) is None


async def test_it_is_said_on_the_first_page_of_a_period_that_reaches_until_today(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    for _ in range(3):
        await desk.paid("10.00", invoice)
    assert await following(desk) == (None, None, "70.00")
    assert await following(desk, **{"from": "2020-01-01", "to": "2020-12-31"}) is None
    page = await statement(desk, limit="2")
    assert page["insurers_to_pay"] == usd("0.00")
    assert page["next_due"]["invoice_number"] == desk.numbers[invoice]
    rest = await statement(desk, limit="2", cursor=page["next"])
    assert (rest["next_due"], rest["insurers_to_pay"]) == (None, None)


@pytest.mark.rule("INS-4.4")
async def test_what_insurers_have_decided_to_pay_is_not_asked_of_the_patient(desk: FrontDesk) -> None:
    """INS-4: 60.00 of 100.00 is the insurers': 40.00 with the first, and nothing once that is paid."""
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    await desk.harness.deliver(decided(desk, invoice, "60.00", "40.00"))
    assert await following(desk) == (str(first), 1, "40.00")
    assert (await statement(desk))["insurers_to_pay"] == usd("60.00")
    part = {"patient_id": str(desk.patient_id), "amount": usd("25.00"), "allocations": [{"invoice_id": str(invoice)}]}
    body = {"insurer": DELTA, "amount": usd("25.00"), "external_reference": f"ERA {new_id()}", "payments": [part]}
    good(await desk.client.post("/v1/remittances", json=body), 201)
    assert (await statement(desk))["insurers_to_pay"] == usd("35.00")
    assert await following(desk) == (str(first), 1, "25.00"), "the insurer's money fills the oldest as any other"
    await desk.paid("40.00", invoice)
    assert await following(desk) is None, f"the rest is the insurers', of {second} too"


@pytest.mark.parametrize(
    ("paid", "patient", "undecided", "estimated"),
    [("60.00", "30.00", "10.00", None), ("0.00", "60.00", "40.00", "30.00"), ("60.00", "40.00", "0.00", "10.00")],
)
async def test_what_those_insurers_are_to_take_that_have_not_decided_is_not_asked_either(
    desk: FrontDesk, paid: str, patient: str, undecided: str, estimated: str | None
) -> None:
    """INS-1, INS-4: what is undecided, and what the secondary is estimated to take of what the primary left."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(decided(desk, invoice, paid, patient, undecided, estimated))
    assert (await statement(desk))["insurers_to_pay"] == usd("70.00")
    assert await following(desk) == (None, None, "30.00")
    await desk.paid("30.00", invoice)
    assert await following(desk) is None


@pytest.mark.rule("PAY-9.4")
async def test_it_says_how_long_what_is_asked_of_the_patient_has_been_due_and_who_is_to_pay_the_rest(
    desk: FrontDesk,
) -> None:
    """INS-4: of 100.00 in two installments, 60.00 is an insurer's; the patient's 40.00 are of the first."""
    invoice, _ = await planned(desk, "100.00", "50.00", "50.00")
    await desk.harness.deliver(Claims(desk).by(invoice, {TOLD["name"]: "60.00"}, "40.00"))
    late = await desk.invoice("10.00", due=desk.harness.clock.now().date() - timedelta(days=31))
    page = await statement(desk)
    assert page["insurers"] == [TOLD | {"amount": usd("60.00"), "expected_write_off": usd("0.00")}]
    assert ages(page) == {"not_due": "40.00", "days_31_60": "10.00", "total": "50.00"}
    await desk.paid("15.00", late, invoice)
    assert ages(await statement(desk)) == {"not_due": "35.00", "total": "35.00"}
    past = await statement(desk, **{"from": "2020-01-01", "to": "2020-12-31"})
    assert (past["insurers"], past["ageing"]) == (None, None)


def ages(page: Json) -> dict[str, str]:
    """What is not nothing of each age."""
    return {age: one["amount"] for age, one in page["ageing"].items() if one["amount"] != "0.00"}


@pytest.mark.rule("INS-4.9")
async def test_a_note_of_an_older_release_leaves_nothing_of_what_notes_before_it_said(desk: FrontDesk) -> None:
    """While releases are replaced: a courtesy of all says that the lines ask for nothing, its undoing says nothing."""
    issued = desk.issued("100.00").model_copy(update={"patient_share": Amount(**usd("40.00"))})
    courtesy = desk.credit_note(issued.invoice_id, "100.00").model_copy(
        update={"asked_of_lines": Amount(**usd("0.00"))}
    )
    undone = desk.debit_note(issued.invoice_id, "100.00").model_copy(
        update={"kind": "undo_credit_note", "undoes_id": courtesy.credit_note_id}
    )
    await desk.harness.deliver(issued, courtesy, undone)
    assert (await statement(desk))["insurers_to_pay"] == usd("60.00")
    assert await following(desk) == (None, None, "40.00")
    await desk.prove()
