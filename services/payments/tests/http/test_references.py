"""An external reference used before with the same payer and method is refused, unless confirmed (PAY-17)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentRecorded
from payments_desk import FrontDesk, good, problem, usd

DELTA = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta Dental"}
BY_CARD = {"method": "bank_card", "external_reference": "slip 7"}
TRANSFERRED = {"method": "bank_transfer", "external_reference": "ERA 10027", "payer": DELTA}


def remittance(desk: FrontDesk, reference: str = "ERA 10027", **more: Any) -> dict[str, Any]:
    parts = [{"patient_id": str(id_), "amount": usd("10.00")} for id_ in (desk.patient_id, new_id())]
    insurer = {"payer_id": DELTA["payer_id"], "name": DELTA["name"]}
    body = {"insurer": insurer, "amount": usd("20.00"), "external_reference": reference, "payments": parts}
    return body | {"allow_overpayment": True} | more


async def remit(desk: FrontDesk, body: dict[str, Any]) -> httpx.Response:
    return await desk.client.post("/v1/remittances", json=body)


@pytest.mark.rule("PAY-17.1")
@pytest.mark.parametrize("how", [BY_CARD, TRANSFERRED], ids=["card", "transfer"])
async def test_the_same_payment_under_another_key_is_refused_naming_the_first(
    desk: FrontDesk, how: dict[str, Any]
) -> None:
    """W12: both were taken."""
    first = await desk.paid("50.00", **how)
    refused = problem(await desk.pay("50.00", **how), 409, "reference-used")
    assert (refused["payment_id"], refused["amount"], refused["booked_on"]) == (
        first["id"],
        usd("50.00"),
        first["booked_on"],
    )
    assert refused["errors"][0]["field"] == "external_reference"
    assert "confirm_duplicate_reference" in refused["detail"]
    problem(
        await desk.pay("20.00", **(how | {"external_reference": f" {how['external_reference']} "})),
        409,
        "reference-used",
    )
    assert len(await desk.events(PaymentRecorded)) == 1
    second = await desk.paid("50.00", confirm_duplicate_reference=True, **how)
    refused = problem(await desk.pay("50.00", **how), 409, "reference-used")
    assert refused["payment_id"] == first["id"] != second["id"]


@pytest.mark.rule("PAY-17.2")
@pytest.mark.parametrize("typed", ["era 10027", "ERA\u00a010027", " Era  10027 ", "\uff25\uff32\uff21 10027"])
async def test_a_reference_typed_otherwise_is_the_same(desk: FrontDesk, typed: str) -> None:
    """W12: in other letters, spaces or spellings of a character; by hand, of a transfer, and where it is looked for."""
    first = await desk.paid("50.00", **TRANSFERRED)
    again = TRANSFERRED | {"external_reference": typed}
    refused = problem(await desk.pay("50.00", **again), 409, "reference-used")
    assert refused["payment_id"] == first["id"]
    problem(await remit(desk, remittance(desk, typed)), 409, "reference-used")
    found = good(await desk.client.get("/v1/payments", params={"external_reference": typed}))["items"]
    assert [one["id"] for one in found] == [first["id"]]
    assert found[0]["external_reference"] == "ERA 10027"


@pytest.mark.rule("PAY-17.2")
@pytest.mark.parametrize(
    "typed",
    [
        "RF185390 07547034",
        "RF18539007547034",
        "rf18 5390 0754 7034",
        "RF18\u202f5390\u00a00754\u200b7034",
        "\ufeffRF18 53900754 7034",
    ],
)
async def test_a_reference_grouped_otherwise_is_the_same(desk: FrontDesk, typed: str) -> None:
    """ISO 11649 prints groups of four; banks, people and scanners set the spaces elsewhere or leave them out."""
    how = TRANSFERRED | {"external_reference": "RF18 5390 0754 7034"}
    first = await desk.paid("50.00", **how)
    again = how | {"external_reference": typed}
    assert problem(await desk.pay("50.00", **again), 409, "reference-used")["payment_id"] == first["id"]
    problem(await remit(desk, remittance(desk, typed)), 409, "reference-used")
    found = good(await desk.client.get("/v1/payments", params={"external_reference": typed}))["items"]
    assert [one["external_reference"] for one in found] == ["RF18 5390 0754 7034"]


async def test_what_stands_between_numbers_that_count_for_themselves_keeps_them_apart(desk: FrontDesk) -> None:
    for reference in ("1-23", "12-3", "1/23", "1.23", "123"):
        await desk.paid("5.00", **(TRANSFERRED | {"external_reference": reference}))


async def test_a_label_typed_otherwise_is_the_same_method(desk: FrontDesk) -> None:
    how = {"method": "other", "external_reference": "slip 7"}
    await desk.paid("5.00", method_label="Voucher", **how)
    problem(await desk.pay("5.00", method_label="VOUCHER", **how), 409, "reference-used")


@pytest.mark.rule("PAY-17.1")
async def test_another_payer_method_or_reference_is_another_payment(desk: FrontDesk) -> None:
    await desk.paid("50.00", **TRANSFERRED)
    await desk.paid("50.00", **(TRANSFERRED | {"payer": DELTA | {"payer_id": str(new_id())}}))
    await desk.paid("50.00", **(TRANSFERRED | {"payer": {"kind": "third_party", "name": "Delta Dental"}}))
    await desk.paid("50.00", **(TRANSFERRED | {"method": "check"}))
    await desk.paid("50.00", **(TRANSFERRED | {"external_reference": "ERA 10028"}))
    await desk.paid("50.00", **BY_CARD)
    await desk.paid("50.00", patient_id=str(new_id()), **BY_CARD)
    for label in ("voucher", "PayPal"):
        await desk.paid("5.00", method="other", method_label=label, external_reference="slip 7")
    for blank in ("", "  ", "\u200b", None):
        await desk.paid("5.00", external_reference=blank)
        await desk.paid("5.00", external_reference=blank)


async def test_an_insurer_without_an_id_is_known_by_its_name(desk: FrontDesk) -> None:
    await desk.paid("50.00", **TRANSFERRED)
    nameless = {"kind": "insurer", "name": "delta dental "}
    problem(await desk.pay("50.00", **(TRANSFERRED | {"payer": nameless})), 409, "reference-used")
    await desk.paid("50.00", **(TRANSFERRED | {"payer": {"kind": "insurer", "name": "Beta Dental"}}))


async def test_another_clinic_may_have_it_too(desk: FrontDesk) -> None:
    """ALL-4."""
    await desk.paid("50.00", **TRANSFERRED)
    elsewhere = FrontDesk(desk.harness)
    elsewhere.patient_id = desk.patient_id
    try:
        await elsewhere.configure()
        await elsewhere.paid("50.00", **TRANSFERRED)
    finally:
        await elsewhere.client.aclose()


async def test_the_reference_of_a_cancelled_payment_is_free_and_that_of_a_bounced_one_is_not(desk: FrontDesk) -> None:
    """A mistake never was a payment; what the bank took back did happen (PAY-5, PAY-6)."""
    how = BY_CARD | {"method": "check"}
    good(await desk.cancel((await desk.paid("50.00", **how))["id"]), 201)
    second = await desk.paid("50.00", **how)
    good(await desk.charge_back(second["id"]), 201)
    refused = problem(await desk.pay("50.00", **how), 409, "reference-used")
    assert refused["payment_id"] == second["id"]


async def test_a_transfer_is_booked_once_by_hand(desk: FrontDesk) -> None:
    """Its payments share its reference; a second transfer with it is refused, whole."""
    made = good(await remit(desk, remittance(desk)), 201)
    refused = problem(await remit(desk, remittance(desk)), 409, "reference-used")
    assert refused["payment_id"] == min(payment["id"] for payment in made["payments"])
    problem(await desk.pay("10.00", **(TRANSFERRED | {"method": "insurance"})), 409, "reference-used")
    good(await remit(desk, remittance(desk, "ERA 10028")), 201)
    good(await remit(desk, remittance(desk, confirm_duplicate_reference=True)), 201)
    assert len(await desk.events(PaymentRecorded)) == 6


@pytest.mark.parametrize("_round", range(5))
async def test_of_those_that_come_at_once_exactly_one_is_recorded(desk: FrontDesk, _round: int) -> None:
    invoice = await desk.invoice("50.00")
    typed = [BY_CARD | {"external_reference": one} for one in ("slip 7", "SLIP 7", "Slip  7", "slip\u00a07", "slip 7")]
    answers = await asyncio.gather(*(desk.pay("10.00", invoice, **one) for one in typed))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 4}
    body: dict[str, Any] = remittance(desk)
    answers = await asyncio.gather(*(remit(desk, body) for _ in range(5)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 4}


async def test_the_same_key_gets_the_first_answer_again(desk: FrontDesk) -> None:
    """ALL-1: a repetition is no second payment."""
    body = {"patient_id": str(desk.patient_id), "amount": usd("10.00"), **BY_CARD}
    key = {"Idempotency-Key": str(UUID(int=7))}
    first = good(await desk.client.post("/v1/payments", json=body, headers=key), 201)
    assert good(await desk.client.post("/v1/payments", json=body, headers=key), 201) == first
