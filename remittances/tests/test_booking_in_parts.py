"""A transfer for more patients than one request takes: in parts, each once, whenever it is cut off (INS-5, INS-6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from remittances.bodies import AT_ONCE
from remittances.booking import Booked
from remittances.imported import Imported
from told_payments import ANA, Till, booked, entry, old_invoice, transfer, usd


def large(count: int) -> Imported:
    """A transfer for so many patients, with something taken back and something withheld."""
    entries = [entry(place, UUID(int=10_000 + place), "10.00") for place in range(1, count + 1)]
    return transfer(f"{count * 10 - 100}.00", entry(9_999, ANA, "-60.00"), *entries, plb={"FB": "40.00"})


class Killed(Exception):
    """The process ends here."""


class MortalTill(Till):
    """Payments, asked by a process that dies before it hears of the answer to one of its requests."""

    def __init__(self, dies_at: int) -> None:
        super().__init__()
        self.dies_at = dies_at

    def answer(self, request: httpx.Request) -> httpx.Response:
        answer = super().answer(request)
        if request.method == "POST" and len(self.asked) == self.dies_at:
            self.dies_at = 0
            raise Killed
        return answer


async def test_a_transfer_for_more_patients_than_one_request_takes_is_booked_in_parts() -> None:
    """INS-5, INS-6: 1,200 claims, each part in balance, and doing it again books nothing."""
    till, one = Till(), large(1_200)
    assert await booked(one, till) == Booked(
        "booked",
        "11900.00 booked, for 1200 patients, 60.00 taken back, 40.00 withheld (PLB FB OLD-1, forwarding balance)",
    )
    bodies = [asked for _, asked in till.asked]
    assert max(len(each["payments"]) for each in bodies) <= AT_ONCE
    assert sum(Decimal(each["amount"]["amount"]) for each in bodies) == Decimal("11900.00")
    for each in bodies:
        paid = sum(Decimal(part["amount"]["amount"]) for part in each["payments"])
        less = [*each.get("take_backs", []), *each.get("adjustments", [])]
        assert paid - sum(Decimal(part["amount"]["amount"]) for part in less) == Decimal(each["amount"]["amount"])
    assert ["confirm_duplicate_reference" in each for each in bodies] == [False, *[True] * (len(bodies) - 1)]
    assert len({key for key, _ in till.asked}) == len(bodies) == 6
    assert (await booked(one, till)).state == "before"
    assert len(till.asked) == 6


@pytest.mark.parametrize("dies_at", range(1, 7))
async def test_a_process_that_dies_between_two_parts_goes_on_where_it_was(dies_at: int) -> None:
    """INS-6: whether payments had heard of the part or not; every patient is paid once."""
    till, one = MortalTill(dies_at), large(1_200)
    with pytest.raises(Killed):
        await booked(one, till)
    assert (await booked(one, till)).state == ("before" if dies_at == 6 else "booked")
    assert len({each["patient_id"] for each in till.recorded}) == len(till.recorded) == 1_200
    assert sum(len(asked.get("take_backs", [])) for _, asked in till.asked) == 1
    assert sum(len(asked.get("adjustments", [])) for _, asked in till.asked) == 1


async def test_a_part_that_is_refused_is_named_and_what_is_booked_in_part_only_by_hand_is_found_out() -> None:
    till, one = Till(), large(500)
    till.refuses = (422, {"title": "The request is not valid", "errors": []})
    assert (await booked(one, till)).said.startswith("0 of its 3 parts are booked, the next is not: payments refuses")
    till = Till()
    await booked(one, till)
    till.recorded = till.recorded[:-1]
    assert "under this reference already" in (await booked(one, till)).said
    till.recorded = [{**till.recorded[0], "amount": usd("11.00")}, *till.recorded[1:]]
    assert (await booked(one, till)).is_refused


@pytest.mark.rule("INS-9.2")
@pytest.mark.parametrize("dies_at", [1, 2, 3])
@pytest.mark.parametrize(
    ("recovered", "taken_back"), [("50.00", "50.00"), ("60.00", "60.00"), ("70.00", "70.00"), ("120.00", "100.00")]
)
async def test_what_a_part_has_taken_back_is_not_taken_again_of_what_the_transfer_pays(
    recovered: str, taken_back: str, dies_at: int
) -> None:
    """60.00 came before, 40.00 come now: whenever the process dies, each is taken back as far as it is recovered."""
    before = [entry(place, UUID(int=place), "10.00") for place in range(1_001, 1_451)]
    amount = f"{4_540 - Decimal(recovered)}"
    one = transfer(amount, *before, entry(50, UUID(int=9_999), "40.00"), plb={"WO": recovered})
    till = MortalTill(dies_at)
    till.numbers["OLD-1"] = old_invoice("60.00", "100.00")
    with pytest.raises(Killed):
        await booked(one, till)
    till.numbers["OLD-1"] = old_invoice(f"{60 + of_old(till, 'payments') - of_old(till, 'take_backs')}", "100.00")
    assert (await booked(one, till)).state == ("before" if dies_at == 3 else "booked")
    assert of_old(till, "take_backs") == Decimal(taken_back)
    assert sum(Decimal(asked["amount"]["amount"]) for _, asked in till.asked) == Decimal(amount)


def of_old(till: Till, what: str) -> Decimal:
    """What was paid on the old invoice, or taken back of it."""
    asked = [part for _, body in till.asked for part in body.get(what, ())]
    named = [part for part in asked if str(UUID(int=50)) in (part.get("invoice_id"), _first(part))]
    return sum((Decimal(part["amount"]["amount"]) for part in named), Decimal(0))


def _first(part: dict[str, Any]) -> str | None:
    return next((allocation["invoice_id"] for allocation in part.get("allocations", ())), None)
