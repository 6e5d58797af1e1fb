"""What a recovery (PLB WO) takes back, and what its reversal has taken before, in either order (`INS-9`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from remittances.remittance import ProviderAdjustment
from told_payments import ANA, BEN, Till, booked, entry, old_invoice, transfer, usd


@pytest.mark.parametrize(
    ("received", "decided", "reversed_by", "name", "taken_back"),
    [
        ("60.00", "60.00", None, "Delta", "50.00"),
        ("40.00", "40.00", None, "Delta", "40.00"),
        ("60.00", "60.00", None, "Other", "0.00"),
        ("60.00", "10.00", "-50.00", "Delta", "50.00"),
        ("60.00", "40.00", "-50.00", "Delta", "20.00"),
        ("60.00", "60.00", "-50.00", "Delta", "0.00"),
    ],
    ids=["no decision told", "less came in", "another paid", "to be taken back", "in part", "taken back before"],
)
async def test_a_recovery_that_names_an_invoice_is_taken_back_of_it_unless_its_reversal_was_before(
    received: str, decided: str, reversed_by: str | None, name: str, taken_back: str
) -> None:
    """A recovery that was put off (a reversal, and PLB below zero) takes nothing back a second time.

    The rest of 50.00, which did not come for the invoice, is withheld.
    """
    till, one = Till(), transfer("150.00", entry(2, BEN, "200.00"), plb={"WO": "50.00"})
    till.numbers["OLD-1"] = old_invoice(received, decided, name)
    if reversed_by:
        till.decided = [told(6, reversed_by) | {"payer_name": "DELTA"}]
    assert (await booked(one, till)).state == "booked"
    ((_, body),) = till.asked
    assert of_old(body) == (taken_back, f"{50 - float(taken_back):.2f}")


def of_old(body: dict[str, Any]) -> tuple[str, str]:
    """What is taken back of the old invoice, and what is withheld."""
    assert all(one["invoice_id"] == str(UUID(int=50)) for one in body.get("take_backs", ()))
    taken = sum(float(one["amount"]["amount"]) for one in body.get("take_backs", ()))
    return f"{taken:.2f}", f"{sum(float(one['amount']['amount']) for one in body.get('adjustments', ())):.2f}"


@pytest.mark.rule("INS-9.2", "INS-9.5")
@pytest.mark.parametrize(
    ("credit", "settles", "payer", "taken_back"),
    [
        ("50.00", None, "Delta", "50.00"),
        ("30.00", 50, "Delta", "30.00"),
        ("50.00", 51, "Delta", "0.00"),
        ("50.00", None, "Other", "0.00"),
    ],
    ids=["all was left over", "some was", "of another invoice", "another insurer's"],
)
async def test_a_recovery_is_taken_back_of_what_the_insurer_left_over_too(
    credit: str, settles: int | None, payer: str, taken_back: str
) -> None:
    """It was withheld, an expense, while the insurer kept its credit."""
    till, one = Till(), transfer("150.00", entry(2, BEN, "200.00"), plb={"WO": "50.00"})
    till.numbers["OLD-1"] = old_invoice("0.00", "60.00")
    till.earlier = [
        {
            "id": str(UUID(int=3_000)),
            "patient_id": str(ANA),
            "payer": {"kind": "insurer", "payer_id": None, "name": payer},
            "allocations": [{"invoice_id": str(UUID(int=settles)), "amount": usd("1.00")}] if settles else [],
            "unallocated": usd(credit),
        }
    ]
    assert (await booked(one, till)).state == "booked"
    ((_, body),) = till.asked
    assert of_old(body) == (taken_back, f"{50 - float(taken_back):.2f}")


async def test_two_recoveries_of_one_invoice_take_back_no_more_than_came_for_it() -> None:
    till, one = Till(), transfer("130.00", entry(2, BEN, "200.00"), plb={"WO": "50.00"})
    one.posting.remittance.provider_adjustments.append(ProviderAdjustment("WO", "OLD-1", Decimal("20.00")))
    till.numbers["OLD-1"] = old_invoice("60.00", "60.00")
    assert (await booked(one, till)).state == "booked"
    ((_, body),) = till.asked
    assert of_old(body) == ("60.00", "10.00")


@pytest.mark.rule("INS-9.2", "INS-9.3")
@pytest.mark.parametrize(
    ("recoveries", "claim", "taken_back", "adjusted"),
    [
        (["20.00", "-20.00"], "0.00", "0.00", "0.00"),
        (["-20.00", "20.00"], "0.00", "0.00", "0.00"),
        (["50.00", "-20.00"], "0.00", "30.00", "0.00"),
        (["-20.00", "20.00", "30.00"], "0.00", "30.00", "0.00"),
        (["60.00", "-60.00"], "-60.00", "60.00", "0.00"),
        (["60.00", "-70.00"], "-60.00", "60.00", "-10.00"),
        (["10.00"], "-10.00", "10.00", "10.00"),
    ],
    ids=["taken and given", "given and taken", "more is taken", "given first", "put off and taken", "more is put off",
         "told by its reversal and taken beside it"],
)  # fmt: skip
async def test_recoveries_of_one_invoice_within_one_transfer_are_what_they_come_to(
    recoveries: list[str], claim: str, taken_back: str, adjusted: str
) -> None:
    """What one takes and another gives moves nothing: it was taken back of the invoice, and income beside it."""
    own = [ProviderAdjustment("WO", "OLD-1", Decimal(recovery)) for recovery in recoveries]
    paid = 200 + Decimal(claim) - sum(one.amount for one in own)
    entries = [entry(2, BEN, "200.00")] + ([entry(50, ANA, claim)] if Decimal(claim) else [])
    till, one = Till(), transfer(f"{paid:.2f}", *entries)
    one.posting.remittance.provider_adjustments = own
    decided = Decimal("60.00") + Decimal(claim)
    till.numbers["OLD-1"] = old_invoice("60.00", f"{decided:.2f}")
    till.decided = [told(77, claim)] if Decimal(claim) else []
    assert (await booked(one, till)).state == "booked"
    ((_, body),) = till.asked
    assert of_old(body) == (taken_back, adjusted)


@pytest.mark.rule("INS-9.2", "INS-9.3")
@pytest.mark.parametrize(
    ("received", "reversed_by", "taken_back", "here", "withheld"),
    [
        ("0.00", None, "0.00", "80.00", "20.00"),
        ("60.00", None, "60.00", "40.00", "0.00"),
        ("0.00", "-60.00", "0.00", "0.00", "100.00"),
    ],
    ids=["nothing before", "some before", "its reversal was before"],
)
async def test_a_recovery_in_the_transfer_that_pays_its_invoice_is_taken_back_of_that(
    received: str, reversed_by: str | None, taken_back: str, here: str, withheld: str
) -> None:
    """It was withheld, which the clinic bore, until a reversal told of it."""
    till = Till()
    one = transfer("180.00", entry(2, BEN, "200.00"), entry(50, ANA, "80.00"), plb={"WO": "100.00"})
    till.numbers["OLD-1"] = old_invoice(received, "80.00")
    if reversed_by:
        till.decided = [told(6, reversed_by) | {"payer_name": "DELTA"}]
    assert (await booked(one, till)).state == "booked"
    ((_, body),) = till.asked
    of_this = [one for one in body.get("take_backs", ()) if one.get("of_this_transfer")]
    assert [one["amount"]["amount"] for one in of_this] == ([here] if float(here) else [])
    assert of_old(body) == (f"{float(taken_back) + float(here):.2f}", withheld)
    assert body["amount"] == usd("180.00")


@pytest.mark.rule("INS-9.2", "INS-9.5")
@pytest.mark.parametrize(
    ("told_of", "lines", "taken_back", "left"),
    [
        (["-60.00", "0.00"], [], "0.00", "60.00"),
        (["-60.00", "20.00"], [], "20.00", "40.00"),
        (["-60.00", "60.00"], [], "50.00", None),
        (["-60.00", "20.00"], [("10.00", None, "EFT-6")], "30.00", "30.00"),
        (["-60.00", "0.00"], [("60.00", None, "eft-6")], "50.00", None),
        (["-60.00", "0.00"], [("60.00", "PLB WO OLD-1", "EFT-6"), ("60.00", None, "EFT-5")], "0.00", "60.00"),
        (["-60.00", None], [], "50.00", None),
    ],
    ids=["all by itself", "some by itself", "all is put off", "some is booked", "booked, spelled otherwise",
         "others are booked", "told by an earlier release"],
)  # fmt: skip
async def test_a_recovery_leaves_to_a_reversal_that_is_not_booked_what_it_takes_back_by_itself(
    told_of: list[Any], lines: list[tuple[str, str | None, str]], taken_back: str, left: str | None
) -> None:
    """60.00 came and are reversed: taken back here as well, they could not be taken where the reversal is booked."""
    till, one = Till(), transfer("150.00", entry(2, BEN, "200.00"), plb={"WO": "50.00"})
    till.numbers["OLD-1"] = old_invoice("60.00", "0.00")
    till.decided = [told(5, "60.00"), told(6, *told_of)]
    till.lines = [line(place, amount, why, transfer=of) for place, (amount, why, of) in enumerate(lines)]
    found = await booked(one, till)
    assert found.state == "booked"
    said = f", {left} is left to be taken back by EFT-6, which is announced and not booked"
    assert found.said.endswith(said) is (left is not None)
    ((_, body),) = till.asked
    assert of_old(body) == (taken_back, f"{50 - float(taken_back):.2f}")


@pytest.mark.rule("INS-9.2")
async def test_a_recovery_finds_its_invoice_in_small_letters_too_and_names_no_patient_in_a_url() -> None:
    """ALL-6: payers write names behind the number. It was withheld, an expense, and the invoice stayed paid."""
    till, one = Till(), transfer("150.00", entry(2, BEN, "200.00"))
    one.posting.remittance.provider_adjustments = [ProviderAdjustment("WO", "old-1 ANA ANSON", Decimal("50.00"))]
    till.numbers["OLD-1"] = old_invoice("60.00", "60.00")
    assert (await booked(one, till)).state == "booked"
    ((_, body),) = till.asked
    assert of_old(body) == ("50.00", "0.00")
    assert not any("ANSON" in url for url in till.urls)


async def test_two_adjustments_that_put_one_recovery_off_are_taken_together() -> None:
    """INS-9.5: 60.00 were recovered before; told of as 40.00 and 20.00, it was counted as 20.00."""
    till, one = Till(), transfer("0.00", entry(50, ANA, "-60.00"))
    one.posting.remittance.provider_adjustments = [
        ProviderAdjustment("WO", "OLD-1", Decimal(amount)) for amount in ("-40.00", "-20.00")
    ]
    till.numbers["OLD-1"] = old_invoice("60.00", "0.00")
    till.lines = [line(1, "60.00", "PLB WO OLD-1")]
    assert (await booked(one, till)).state == "nothing"


def line(
    number: int, amount: str, reason: str | None, kind: str = "take_back", transfer: str = "EFT-6"
) -> dict[str, Any]:
    return {
        "external_reference": transfer,
        "id": str(UUID(int=number)),
        "kind": kind,
        "payer_name": "Delta",
        "amount": usd(amount),
        "reason": reason,
    }


def told(remittance: int, amount: str, put_off: str | None = None) -> dict[str, Any]:
    """A decision on the invoice, of a remittance, as a release tells it that keeps what was put off, or none before."""
    id_ = str(UUID(int=remittance))
    reference = f"EFT-{remittance}"
    return {
        "payer_name": "Delta",
        "remittance_id": id_,
        "remittance_reference": reference,
        "decision_id": id_,
        "paid": usd(amount),
        "put_off": usd(put_off) if put_off else None,
    }


WAS_BEFORE = ", {} was taken back before (PLB WO OLD-1)"


@pytest.mark.parametrize(
    ("lines", "decided", "before"),
    [
        ([], [], "0.00"),
        ([line(1, "60.00", "PLB WO OLD-1")], [], "60.00"),
        ([line(1, "60.00", "PLB WO OLD-1 ANA ANSON")], [], "60.00"),
        ([line(1, "20.00", "PLB WO OLD-1")], [], "20.00"),
        ([line(1, "90.00", "PLB WO OLD-1")], [], "60.00"),
        ([line(1, "60.00", "PLB WO OLD-11")], [], "0.00"),
        ([line(1, "60.00", None)], [], "0.00"),
        ([line(1, "60.00", "PLB WO OLD-1") | {"payer_name": "Other"}], [], "0.00"),
        ([line(1, "60.00", "PLB WO OLD-1"), line(2, "60.00", "wrong", "take_back_cancellation")], [], "0.00"),
        ([line(1, "60.00", "PLB WO OLD-1")], [told(5, "60.00"), told(6, "-50.00")], "10.00"),
        ([line(1, "60.00", "PLB WO OLD-1"), line(2, "50.00", None)], [told(6, "-50.00")], "60.00"),
        ([line(1, "60.00", "PLB WO OLD-1")], [told(77, "-60.00")], "60.00"),
        (
            [line(1, "60.00", "PLB WO OLD-1"), line(2, "60.00", None, transfer="EFT-8")],
            [told(6, "-60.00")],
            "0.00",
        ),
        ([line(1, "60.00", "PLB WO OLD-1"), line(2, "40.00", None)], [told(6, "-20.00"), told(7, "-20.00")], "40.00"),
        ([line(1, "60.00", "PLB WO OLD-1")], [told(6, "-60.00", "0.00")], "60.00"),
        ([line(1, "60.00", "PLB WO OLD-1")], [told(6, "-60.00", "20.00")], "40.00"),
        ([line(1, "60.00", "PLB WO OLD-1"), line(2, "40.00", None)], [told(6, "-60.00", "60.00")], "40.00"),
    ],
    ids=["nothing was", "all", "with a name", "some", "more", "another invoice's", "a reversal's", "another insurer's",
         "by mistake", "some for another reversal", "another reversal took its own", "it is this reversal's",
         "another invoice of the patient was reversed", "a reversal took of two invoices",
         "another takes back by itself", "another does in part", "another put all of it off"],
)  # fmt: skip
async def test_a_reversal_whose_recovery_was_before_takes_back_what_is_left(
    lines: list[dict[str, Any]], decided: list[dict[str, Any]], before: str
) -> None:
    """INS-9: 60.00 are taken back, and put off until a recovery that was booked already, all or some of it."""
    till, one = Till(), transfer("0.00", entry(50, ANA, "-60.00"), plb={"WO": "-60.00"})
    till.numbers["OLD-1"] = old_invoice("60.00", "0.00")
    till.lines, till.decided = lines, decided
    found = await booked(one, till)
    left = str(Decimal("60.00") - Decimal(before))
    if left == "0.00":
        assert (found.state, found.said, till.asked) == ("nothing", "moves no money" + WAS_BEFORE.format(before), [])
        return
    ((_, body),) = till.asked
    assert body["take_backs"] == [{"invoice_id": str(UUID(int=50)), "amount": usd(left)}]
    assert body["adjustments"] == [{"code": "WO", "amount": usd(f"-{left}"), "reference": "OLD-1"}]
    assert found.said.endswith(WAS_BEFORE.format(before)) is (before != "0.00")
    assert (await booked(one, till)).state == "before"
