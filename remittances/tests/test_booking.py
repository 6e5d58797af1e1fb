"""A transfer is booked as the file says it, once its claims are decided, and once only (INS-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from remittances.booking import Booked
from remittances.contents import Known
from remittances.problems import Unreachable
from told_payments import ANA, BEN, DELTA, Till, body, booked, entry, transfer, usd


async def test_a_transfer_is_a_payment_for_each_patient_with_what_it_pays_of_each_invoice() -> None:
    till = Till()
    one = transfer("210.00", entry(1, ANA, "60.00"), entry(2, ANA, "30.00"), entry(3, BEN, "120.00"))
    assert (await booked(one, till)).state == "booked"
    ((_, body),) = till.asked
    assert body["insurer"] == {"payer_id": str(DELTA), "name": "Delta"}
    assert (body["amount"], body["external_reference"]) == (usd("210.00"), "EFT-1")
    assert body["received_at"] == "2026-11-24T12:00:00+00:00"
    assert [(part["patient_id"], part["amount"], part["allocations"]) for part in body["payments"]] == [
        (
            str(ANA),
            usd("90.00"),
            [
                {"invoice_id": str(UUID(int=1)), "amount": usd("60.00")},
                {"invoice_id": str(UUID(int=2)), "amount": usd("30.00")},
            ],
        ),
        (str(BEN), usd("120.00"), [{"invoice_id": str(UUID(int=3)), "amount": usd("120.00")}]),
    ]
    assert not {"take_backs", "adjustments"} & set(body)


async def test_a_correction_pays_what_it_adds_to_what_its_reversal_takes_back() -> None:
    assert body(transfer("30", entry(1, ANA, "80.00"), entry(1, ANA, "-50.00")))["payments"] == [
        {
            "patient_id": str(ANA),
            "amount": usd("30.00"),
            "allocations": [{"invoice_id": str(UUID(int=1)), "amount": usd("30.00")}],
        }
    ]


async def test_what_is_taken_back_or_withheld_is_said_beside_what_is_paid() -> None:
    one = transfer("98.00", entry(1, ANA, "-60.00"), entry(2, BEN, "200.00"), plb={"WO": "50.00", "L6": "-8.00"})
    asked = body(one)
    assert asked["take_backs"] == [{"invoice_id": str(UUID(int=1)), "amount": usd("60.00")}]
    assert asked["adjustments"] == [
        {"code": "WO", "amount": usd("50.00"), "reference": "OLD-1"},
        {"code": "L6", "amount": usd("-8.00"), "reference": "OLD-1"},
    ]
    assert [part["amount"] for part in asked["payments"]] == [usd("200.00")]


async def test_a_transfer_of_a_day_to_come_was_received_now() -> None:
    early = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert body(transfer("1.00", entry(1, ANA, "1.00")), early)["received_at"] == early.isoformat()


async def test_doing_it_again_books_nothing_and_says_so() -> None:
    till, one = Till(), transfer("60.00", entry(1, ANA, "60.00"))
    await booked(one, till)
    assert await booked(one, till) == Booked("before", "booked before, nothing of it is repeated")
    assert len(till.asked) == 1


async def test_one_that_was_recorded_by_hand_under_its_name_is_booked_and_another_insurers_is_not() -> None:
    till, one = Till(), transfer("60.00", entry(1, ANA, "60.00"))
    payer = {"kind": "insurer", "payer_id": None, "name": "Delta, Inc."}
    by_hand = {"patient_id": str(ANA), "amount": usd("60.00"), "payer": payer, "status": "recorded"}
    nobody = {"kind": "patient", "payer_id": None, "name": None}
    till.recorded = [by_hand | {"payer": payer | {"name": "Other"}}, by_hand | {"payer": nobody}]
    assert (await booked(one, till)).state == "booked"
    till.recorded = [by_hand]
    assert (await booked(one, till)).state == "before"


async def test_other_amounts_under_a_reference_that_was_booked_are_found_out_and_said() -> None:
    till, one = Till(), transfer("60.00", entry(1, ANA, "60.00"))
    await booked(one, till)
    found = await booked(transfer("70.00", entry(1, ANA, "70.00")), till)
    assert (found.is_refused, len(till.asked)) == (True, 1)
    assert "payments has 60.00 of this insurer under this reference already, the file pays 70.00" in found.said


async def test_a_booking_that_was_cancelled_as_a_mistake_is_made_again_under_another_key() -> None:
    till, one = Till(), transfer("60.00", entry(1, ANA, "60.00"))
    await booked(one, till)
    till.recorded = [{**till.recorded[0], "status": "cancelled"}]
    assert (await booked(one, till)).state == "booked"
    first, second = till.asked
    assert (first[0] != second[0], first[1] == second[1]) == (True, True)


def known(state: str, payer: UUID = DELTA, name: str = "Delta") -> Known:
    return Known(UUID(int=1_000), state, "", UUID(int=1), ANA, payer, name, "100.00", "60.00", "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unmatched": 1}, "1 of its claims match no invoice"),
        ({"known": {UUID(int=1_000): known("open")}}, "1 of its decisions are set aside"),
        ({"contents": {UUID(int=1_000): "something"}}, "1 of its decisions are not applied yet"),
    ],
)
async def test_a_transfer_waits_for_what_a_person_has_to_decide_first(changes: dict[str, Any], said: str) -> None:
    till = Till()
    found = await booked(transfer("60.00", entry(1, ANA, "60.00"), **changes), till)
    assert (found.is_refused, till.asked) == (True, [])
    assert said in found.said


async def test_the_insurer_is_the_one_that_the_decision_was_applied_for() -> None:
    """A person may have said who it is."""
    till, other = Till(), UUID(int=10)
    one = transfer("60.00", entry(1, ANA, "60.00"), known={UUID(int=1_000): known("applied", other, "Made-Up")})
    await booked(one, till)
    assert till.asked[0][1]["insurer"] == {"payer_id": str(other), "name": "Made-Up"}


CIGNA = UUID(int=10)


@pytest.mark.rule("INS-4.7", "INS-6.1")
@pytest.mark.parametrize("said", [None, DELTA, CIGNA])
async def test_of_an_insurer_that_invoices_know_as_two_the_money_is_of_whoever_decided(said: UUID | None) -> None:
    """Whatever `--payer` says: all of it was booked as one's, and the other still expected of what had come."""
    till = Till()
    entries = entry(1, ANA, "60.00"), entry(2, BEN, "30.00", CIGNA, "Delta Inc"), entry(3, ANA, "-5.00", CIGNA, "Delta")
    one = transfer("85.00", *entries)
    assert (await booked(one, till, payer_id=said)).state == "booked"
    assert [(of["insurer"]["payer_id"], of["amount"]["amount"], len(of["payments"])) for _, of in till.asked] == [
        (str(CIGNA), "-5.00", 0),
        (str(DELTA), "60.00", 1),
        (str(CIGNA), "30.00", 1),
    ]
    assert ["confirm_duplicate_reference" in of for _, of in till.asked] == [False, True, True]
    assert (await booked(one, till, payer_id=said)).state == "before"
    assert len(till.asked) == 3


@pytest.mark.rule("INS-6.1")
async def test_what_was_cut_off_between_two_ids_of_an_insurer_is_finished_for_one_patient_too() -> None:
    till = Till()
    one = transfer("90.00", entry(1, ANA, "60.00"), entry(2, ANA, "30.00", CIGNA, "Delta"))
    await booked(one, till)
    del till.recorded[1], till.done[1], till.asked[1]
    assert (await booked(one, till)).state == "booked"
    assert till.asked[1][1]["insurer"]["payer_id"] == str(CIGNA)
    till.recorded = [till.recorded[0] | {"amount": usd("90.00")}]
    assert (await booked(one, till)).is_refused, "all of it was booked as one's by a release before"


async def test_whose_it_is_what_concerns_no_claim_is_left_to_a_person_where_invoices_know_an_insurer_as_two() -> None:
    till = Till()
    entries = entry(1, ANA, "60.00"), entry(2, BEN, "30.00", CIGNA, "Delta Inc")
    one = transfer("85.00", *entries, plb={"FB": "5.00"})
    found = await booked(one, till)
    assert (found.is_refused, till.asked) == (True, [])
    assert "know the insurer as 2, Delta (" in found.said
    assert (await booked(one, till, payer_id=CIGNA)).state == "booked"
    adjusted = [of["insurer"]["payer_id"] for _, of in till.asked if of.get("adjustments")]
    assert adjusted == [str(CIGNA)]


async def test_money_is_never_of_another_insurer_than_the_decision() -> None:
    """Whatever `--payer` says: invoicing has said who decided, by a person or by what the file says itself."""
    till, other = Till(), UUID(int=11)
    one = transfer("60.00", entry(1, ANA, "60.00"), known={UUID(int=1_000): known("applied")})
    found = await booked(one, till, payer_id=other)
    assert (found.is_refused, till.asked) == (True, [])
    assert f"invoicing has its decisions as those of Delta ({DELTA}), and --payer says {other}" in found.said
    assert (await booked(one, till, payer_id=DELTA)).state == "booked"
    only_withheld = transfer("-5.00", plb={"WO": "5.00"})
    assert (await booked(only_withheld, Till(), payer_id=other)).state == "booked"


async def test_a_transfer_that_moves_nothing_is_not_booked_and_one_that_withholds_all_is() -> None:
    till = Till()
    assert (await booked(transfer("0", entry(1, ANA, "0.00")), till)).state == "nothing"
    assert (await booked(transfer("0", entry(1, ANA, "42.00"), plb={"WO": "42.00"}), till)).state == "booked"
    assert [body["amount"] for _, body in till.asked] == [usd("0.00")]


async def test_what_payments_refuses_is_said_in_its_words() -> None:
    till = Till()
    till.refuses = (
        422,
        {"title": "The request is not valid", "errors": [{"field": "payments[0].amount", "detail": "is too much"}]},
    )
    found = await booked(transfer("60.00", entry(1, ANA, "60.00")), till)
    assert found.said == "payments refuses it (422): The request is not valid; payments[0].amount: is too much"
    till.refuses = 503, {}
    with pytest.raises(Unreachable, match="payments at"):
        await booked(transfer("60.00", entry(1, ANA, "60.00")), till)


async def test_payments_that_has_not_heard_of_an_invoice_yet_is_asked_again_for_a_while() -> None:
    till = Till()
    till.knows_invoices_from = 3
    assert (await booked(transfer("60.00", entry(1, ANA, "60.00")), till)).state == "booked"
    till = Till()
    till.knows_invoices_from = 1_000
    assert (await booked(transfer("60.00", entry(1, ANA, "60.00")), till)).said == "payments refuses it (404): Not yet"


async def test_a_transfer_without_payments_is_booked_once_too() -> None:
    till = Till()
    given = ("-50.00", entry(1, ANA, "0.00"))
    first = await booked(transfer(*given, plb={"WO": "50.00"}), till)
    assert first == Booked("booked", "-50.00 booked, 50.00 withheld (PLB WO OLD-1, overpayment recovery)")
    assert (await booked(transfer(*given, plb={"WO": "50.00"}), till)).state == "before"


async def test_another_transfer_of_a_reference_is_booked_where_a_person_says_so_and_once() -> None:
    till = Till()
    await booked(transfer("60.00", entry(1, ANA, "60.00")), till)
    other = transfer("70.00", entry(1, ANA, "70.00"))
    other.remittance_id = UUID(int=78)
    assert (await booked(other, till)).is_refused
    assert (await booked(other, till, is_another=True)).state == "booked"
    assert till.asked[1][1]["confirm_duplicate_reference"] is True
    assert (await booked(other, till, is_another=True)).state == "before"


@pytest.mark.parametrize(
    ("reason", "amount", "said"),
    [
        ("L6", "-8.00", "8.00 interest added (PLB L6 OLD-1, interest)"),
        ("L6", "8.00", "8.00 interest taken back (PLB L6 OLD-1, interest)"),
        ("CR", "-8.00", "8.00 interest added (PLB CR OLD-1, capitation interest)"),
        ("WO", "8.00", "8.00 withheld (PLB WO OLD-1, overpayment recovery)"),
        ("WO", "-8.00", "8.00 added (PLB WO OLD-1, overpayment recovery)"),
        ("FB", "8.00", "8.00 withheld (PLB FB OLD-1, forwarding balance)"),
        ("FB", "-8.00", "8.00 added (PLB FB OLD-1, forwarding balance)"),
        ("72", "8.00", "8.00 withheld (PLB 72 OLD-1, authorized return)"),
        ("CS", "-8.00", "8.00 added (PLB CS OLD-1, adjustment)"),
        ("J1", "8.00", "8.00 withheld (PLB J1 OLD-1, nonreimbursable)"),
        ("AM", "8.00", "8.00 withheld (PLB AM OLD-1, applied to borrowers account)"),
        ("AP", "-8.00", "8.00 added (PLB AP OLD-1, acceleration of benefits)"),
        ("B2", "-8.00", "8.00 added (PLB B2 OLD-1, rebate)"),
        ("C5", "-8.00", "8.00 added (PLB C5 OLD-1, temporary allowance)"),
        ("51", "8.00", "8.00 withheld (PLB 51 OLD-1, interest penalty)"),
        ("ZZ", "8.00", "8.00 withheld (PLB ZZ OLD-1)"),
    ],
)
async def test_what_a_provider_adjustment_does_is_said_by_its_sign_and_its_reason(
    reason: str, amount: str, said: str
) -> None:
    """INS-9: interest that is added was said to be `-8.00 withheld`."""
    arrives = Decimal("100.00") - Decimal(amount)
    found = await booked(transfer(str(arrives), entry(1, ANA, "100.00"), plb={reason: amount}), Till())
    assert found == Booked("booked", f"{arrives} booked, for 1 patient, {said}")


def by_hand(invoice: int, payer: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A payment of 70.00 for Ana that somebody recorded before, under another reference."""
    return {
        "id": str(UUID(int=5)),
        "patient_id": str(ANA),
        "payer": payer,
        "status": "recorded",
        "booked_on": "2026-11-20",
        "external_reference": "check 17",
        "allocations": [{"invoice_id": str(UUID(int=invoice)), "amount": usd("70.00")}],
    } | more


DELTA_BY_NAME = {"kind": "insurer", "payer_id": None, "name": "DELTA, Inc."}


async def test_what_the_insurer_had_paid_before_is_said_to_be_credit_with_the_payment_that_paid_it() -> None:
    """INS-4: a clerk had booked the check by hand; the transfer settles what is left, and the rest is its credit."""
    till = Till()
    till.takes = {str(UUID(int=12)): "0.00"}
    till.earlier = [
        by_hand(12, DELTA_BY_NAME),
        by_hand(12, {"kind": "patient", "payer_id": None, "name": None}),
        by_hand(13, DELTA_BY_NAME),
    ]
    one = transfer(
        "100.00",
        entry(12, ANA, "70.00"),
        entry(13, ANA, "30.00"),
        known={UUID(int=1_000): replace(known("applied"), invoice_id=UUID(int=12), invoice_number="INV-12")},
    )
    found = await booked(one, till)
    said = f"its part was paid before, by payment {UUID(int=5)} of 2026-11-20 (check 17)"
    assert (found.state, found.credited) == ("booked", (f"70.00 of Delta for invoice INV-12 is credit: {said}",))
    again = await booked(one, till)
    assert (again.state, again.credited) == ("before", found.credited)


async def test_what_is_credit_for_another_reason_says_so() -> None:
    """Of 70.00 the invoice took 45.00: it decided to pay no more, or the invoice asks for no more."""
    till = Till()
    till.takes = {str(UUID(int=12)): "45.00"}
    found = await booked(transfer("70.00", entry(12, ANA, "70.00")), till)
    why = "it asks this insurer for no more"
    assert found.credited == (f"25.00 of Delta for invoice {UUID(int=12)} is credit: {why}",)


async def test_a_transfer_that_settles_all_says_nothing_of_credit() -> None:
    assert (await booked(transfer("70.00", entry(12, ANA, "70.00")), Till())).credited == ()


async def test_of_many_invoices_whose_money_is_credit_the_rest_is_counted() -> None:
    till = Till()
    till.takes = {str(UUID(int=number)): "0.00" for number in range(1, 61)}
    entries = [entry(number, UUID(int=10_000 + number), "10.00") for number in range(1, 61)]
    found = await booked(transfer("600.00", *entries), till)
    assert (len(found.credited), found.credited[-1]) == (
        51,
        "and 10 more: see GET /v1/payments?external_reference=EFT-1",
    )
