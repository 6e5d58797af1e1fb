"""What insurers decide on one line, in every order: repeated by the next payer, denied before, corrected (`INS-7`)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from contracts.installments import InstallmentPlanCancelled, InstallmentPlanChanged
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment
from contracts.payments import Payer
from invoicing_insurers import Insurer, usd


def line_of(
    line: dict[str, Any], paid: str, *adjustments: tuple[str, str, str], charge: str | None = None
) -> AdjudicatedLine:
    """`paid`, and adjustments of (group, reason, amount)."""
    made = tuple(
        ClaimAdjustment(group=group, reason_code=reason, amount=usd(amount)) for group, reason, amount in adjustments
    )
    claimed = charge or str(sum((float(amount) for *_, amount in adjustments), float(paid)))
    return AdjudicatedLine(invoice_line_id=line["id"], charge=usd(claimed), adjustments=made, paid=usd(paid))


async def decided(clinic: Any, *events: ClaimAdjudicated) -> None:
    await clinic.harness.deliver(*[event.model_copy(update={"clinic_id": clinic.id}) for event in events])


async def shares_of(clinic: Any, made: dict[str, Any]) -> tuple[str, ...]:
    """Paid, written off, the patient's part and what is undecided; and what the invoice asks for still."""
    found = await clinic.read(made["id"])
    parts = ("paid", "written_off", "patient_part", "undecided")
    return (*(found["insurance"]["decided"][part]["amount"] for part in parts), found["outstanding"]["amount"])


@pytest.mark.rule("INS-7.1")
@pytest.mark.parametrize("order", list(permutations(range(2))))
async def test_what_the_primary_wrote_off_is_not_written_off_again_when_the_secondary_repeats_it(
    clinic: Any, order: tuple[int, ...]
) -> None:
    """INS-7: fee 102; 52 paid, 20 written off; the secondary pays the 30 left and names the same 20."""
    first, second = Insurer(), Insurer("Cigna", "secondary")
    made = await clinic.invoice(clinic.custom("102.00"))
    (line,) = made["lines"]
    events = [
        first.decides(made, [line_of(line, "52.00", ("CO", "45", "20.00"), ("PR", "2", "30.00"))]),
        second.decides(made, [line_of(line, "30.00", ("OA", "23", "52.00"), ("CO", "45", "20.00"))]),
    ]
    for place in order:
        await decided(clinic, events[place])
    assert await shares_of(clinic, made) == ("82.00", "20.00", "0.00", "0.00", "82.00")
    assert await clinic.listed("/v1/invoice-reviews") == []
    await clinic.prove()


@pytest.mark.parametrize(
    ("secondary", "written_off", "patient"),
    [
        (("25.00", ("OA", "23", "52.00"), ("CO", "45", "25.00")), "25.00", "0.00"),
        (("25.00", ("OA", "23", "72.00"), ("CO", "45", "5.00")), "25.00", "0.00"),
        (("25.00", ("CO", "45", "5.00")), "25.00", "0.00"),
        (("30.00", ("CO", "23", "52.00"), ("CO", "45", "20.00")), "20.00", "0.00"),
        (("30.00", ("OA", "23", "72.00")), "20.00", "0.00"),
        (("10.00", ("OA", "23", "52.00"), ("CO", "45", "20.00"), ("PR", "2", "20.00")), "20.00", "20.00"),
        (("0.00", ("OA", "23", "52.00"), ("CO", "45", "50.00")), "50.00", "0.00"),
        (("0.00", ("OA", "23", "72.00"), ("CO", "16", "30.00")), "20.00", "30.00"),
    ],
    ids=[
        "its own contract takes 5.00 more, named in all",
        "its own contract takes 5.00 more, named alone",
        "it was asked for what the primary left",
        "prior payments under group CO",
        "all of the primary's in one sum",
        "the patient keeps a part",
        "its contract takes all that is left",
        "it has not decided yet",
    ],
)
@pytest.mark.parametrize("primary_first", [True, False])
async def test_a_secondary_adds_to_the_write_off_only_what_its_own_contract_takes(
    clinic: Any, secondary: tuple[Any, ...], written_off: str, patient: str, *, primary_first: bool
) -> None:
    first, second = Insurer(), Insurer("Cigna", "secondary")
    made = await clinic.invoice(clinic.custom("102.00"))
    (line,) = made["lines"]
    events = [
        first.decides(made, [line_of(line, "52.00", ("CO", "45", "20.00"), ("PR", "2", "30.00"))]),
        second.decides(made, [line_of(line, *secondary)]),
    ]
    for event in events if primary_first else reversed(events):
        await decided(clinic, event)
    found = await shares_of(clinic, made)
    assert (found[1], found[2], found[3]) == (written_off, patient, "0.00")
    await clinic.prove()


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_three_payers_who_name_the_same_contract_write_it_off_once(clinic: Any, order: tuple[int, ...]) -> None:
    payers = (Insurer(), Insurer("Cigna", "secondary"), Insurer("Guardian", "tertiary"))
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    lines = [
        line_of(line, "50.00", ("CO", "45", "10.00"), ("PR", "2", "40.00")),
        line_of(line, "20.00", ("OA", "23", "50.00"), ("CO", "45", "10.00"), ("PR", "2", "20.00")),
        line_of(line, "15.00", ("OA", "23", "70.00"), ("CO", "45", "10.00"), ("PR", "2", "5.00")),
    ]
    for place in order:
        await decided(clinic, payers[place].decides(made, [lines[place]]))
    assert await shares_of(clinic, made) == ("85.00", "10.00", "5.00", "0.00", "90.00")
    await clinic.prove()


@pytest.mark.parametrize("reason", ["16", "29", "50"])
@pytest.mark.parametrize("denied_first", [True, False])
async def test_a_denial_gives_way_to_a_later_payment_without_a_reversal(
    clinic: Any, reason: str, *, denied_first: bool
) -> None:
    """Nothing had been paid, so nothing is reversed: the claim sent again is decided anew (INS-3)."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    denied = insurer.decides(made, [line_of(line, "0.00", ("CO", reason, "100.00"))])
    paid = insurer.decides(made, [line_of(line, "70.00", ("CO", "45", "20.00"), ("PR", "2", "10.00"))])
    for event in (denied, paid) if denied_first else (paid, denied):
        await decided(clinic, event)
    assert await shares_of(clinic, made) == ("70.00", "20.00", "10.00", "0.00", "80.00")
    assert await clinic.listed("/v1/invoice-reviews") == []
    await clinic.prove()


UNPAID = ("0.00", ("CO", "45", "20.00"), ("PR", "1", "80.00"))
"""All that is allowed goes to the deductible."""
PUT_OFF = ("0.00", ("CO", "16", "100.00"))
IN_PART = ("0.00", ("CO", "45", "20.00"), ("CO", "16", "80.00"))
DUPLICATE = ("0.00", ("OA", "18", "100.00"))
DENIED = ("0.00", ("CO", "29", "100.00"))


@pytest.mark.rule("INS-3.7", "INS-4.7")
@pytest.mark.parametrize(
    ("told", "shares"),
    [
        ((PUT_OFF, UNPAID), ("20.00", "80.00", "0.00")),
        ((DUPLICATE, UNPAID), ("20.00", "80.00", "0.00")),
        ((PUT_OFF, PUT_OFF, UNPAID), ("20.00", "80.00", "0.00")),
        ((PUT_OFF, DENIED), ("100.00", "0.00", "0.00")),
        ((PUT_OFF, DUPLICATE), ("0.00", "0.00", "100.00")),
        ((IN_PART, DENIED), ("100.00", "0.00", "0.00")),
        ((PUT_OFF, IN_PART), ("20.00", "0.00", "80.00")),
    ],
    ids=[
        "put off",
        "a duplicate",
        "put off twice",
        "then denied",
        "never decided",
        "a part, then denied",
        "all but a part",
    ],
)
@pytest.mark.parametrize("decided_last", [True, False])
async def test_what_was_put_off_or_sent_twice_gives_way_to_a_decision_that_pays_nothing(
    clinic: Any, told: tuple[tuple[Any, ...], ...], shares: tuple[str, ...], *, decided_last: bool
) -> None:
    """The write-off that stands is not taken back for it, and nothing is left to the insurer."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    for one in told if decided_last else reversed(told):
        await decided(clinic, insurer.decides(made, [line_of(line, *one)]))
    assert (await shares_of(clinic, made))[1:4] == shares
    assert {note["side"] for note in (await clinic.read(made["id"]))["notes"]} == (
        {"credit"} if shares[0] != "0.00" else set()
    )
    assert await clinic.listed("/v1/invoice-reviews") == []
    await clinic.prove()


async def test_a_denial_reversed_though_it_was_never_told_leaves_what_is_paid_then(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    await decided(
        clinic,
        insurer.decides(made, [line_of(line, "0.00", ("CO", "16", "-100.00"))]),
        insurer.decides(made, [line_of(line, "70.00", ("CO", "45", "20.00"), ("PR", "2", "10.00"))]),
    )
    assert await shares_of(clinic, made) == ("70.00", "20.00", "10.00", "0.00", "80.00")


async def test_a_payment_taken_back_leaves_the_denial_that_follows(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    await decided(
        clinic,
        insurer.decides(made, [line_of(line, "70.00", ("CO", "45", "20.00"), ("PR", "2", "10.00"))]),
        insurer.decides(made, [line_of(line, "-70.00", ("CO", "45", "-20.00"), ("PR", "2", "-10.00"))]),
        insurer.decides(made, [line_of(line, "0.00", ("PR", "27", "100.00"))]),
    )
    assert await shares_of(clinic, made) == ("0.00", "0.00", "100.00", "0.00", "100.00")
    await clinic.prove()


async def test_one_line_denied_and_another_paid_are_decided_apart(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("50.00"))
    first, second = made["lines"]
    paid = line_of(first, "70.00", ("CO", "45", "20.00"), ("PR", "2", "10.00"))
    await decided(clinic, insurer.decides(made, [paid, line_of(second, "0.00", ("CO", "29", "50.00"))]))
    assert await shares_of(clinic, made) == ("70.00", "70.00", "10.00", "0.00", "80.00")
    await decided(clinic, insurer.decides(made, [line_of(second, "40.00", ("PR", "2", "10.00"))]))
    assert await shares_of(clinic, made) == ("110.00", "20.00", "20.00", "0.00", "130.00")
    await clinic.prove()


@pytest.mark.parametrize("reason", ["16", "18", "22", "109", "252"])
async def test_a_claim_that_was_not_decided_takes_nothing_off_and_leaves_the_plan_as_agreed(
    clinic: Any, reason: str
) -> None:
    """CO with a reason that asks for more, names a duplicate, or sends it to another payer is no contract."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00", estimates=[insurer.estimate("70.00", "20.00", "10.00")]))
    (line,) = made["lines"]
    await clinic.post(f"/v1/invoices/{made['id']}/installment-plan", {"count": 4, "first_due_date": "2026-12-31"})
    await decided(clinic, insurer.decides(made, [line_of(line, "0.00", ("CO", reason, "100.00"))]))
    assert await shares_of(clinic, made) == ("0.00", "0.00", "0.00", "100.00", "100.00")
    (payer,) = (await clinic.read(made["id"]))["insurance"]["payers"]
    assert payer["still_expected"] == clinic.usd("70.00")
    assert await clinic.announced(InstallmentPlanCancelled) == []
    assert await clinic.announced(InstallmentPlanChanged) == []
    await clinic.prove()


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_correction_before_its_reversal_comes_to_the_same(
    clinic: Any, order: tuple[int, ...], *, together: bool
) -> None:
    """INS-3: never less asked for in between than one of the decisions says, so that no money is set free."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("150.00"))
    (line,) = made["lines"]
    events = [
        insurer.decides(made, [line_of(line, "50.00", ("CO", "45", "75.00"), ("PR", "1", "25.00"))]),
        insurer.decides(made, [line_of(line, "-50.00", ("CO", "45", "-75.00"), ("PR", "1", "-25.00"))]),
        insurer.decides(made, [line_of(line, "80.00", ("CO", "45", "50.00"), ("PR", "1", "20.00"))]),
    ]
    ordered = [events[place] for place in order]
    for batch in [ordered] if together else [[event] for event in ordered]:
        await decided(clinic, *batch)
        if not together:
            found = await clinic.read(made["id"])
            assert float(found["outstanding"]["amount"]) >= 75.00
    assert await shares_of(clinic, made) == ("80.00", "50.00", "20.00", "0.00", "100.00")
    if together:
        assert await clinic.listed("/v1/invoice-reviews") == []
    await clinic.prove()


async def test_a_further_row_of_what_was_left_adds_to_the_first(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    await decided(clinic, insurer.decides(made, [line_of(line, "60.00", ("CO", "45", "10.00"), ("PR", "1", "30.00"))]))
    await decided(clinic, insurer.decides(made, [line_of(line, "20.00", ("PR", "1", "-20.00"))]))
    assert await shares_of(clinic, made) == ("80.00", "10.00", "10.00", "0.00", "90.00")


@pytest.mark.rule("INS-3.6", "INS-4.2")
@pytest.mark.parametrize(("known", "group"), [(True, "CO"), (False, "CO"), (True, "OA"), (False, "OA")])
async def test_what_is_paid_on_one_line_for_several_is_written_off_by_their_difference(
    clinic: Any, known: bool, group: str
) -> None:
    """50.00 and 70.00, bundled: 100.00 paid on the first, beyond its charge by 50.00; the second taken off whole."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("50.00"), clinic.custom("70.00"))
    first, second = made["lines"]

    def told(sign: str) -> ClaimAdjudicated:
        back = "" if sign else "-"
        lines = [
            line_of(first, f"{sign}100.00", (group, "94", f"{back}50.00")),
            line_of(second, "0.00", ("CO", "97", f"{sign}70.00")),
        ]
        return insurer.decides(made, lines)

    await decided(clinic, told(""))
    if known:
        nothing = insurer.decides(made, [line_of(first, "0.00", ("CO", "45", "0.00"))])
        await decided(clinic, nothing)
    assert await shares_of(clinic, made) == ("100.00", "20.00", "0.00", "0.00", "100.00")
    assert await clinic.listed("/v1/invoice-reviews") == []
    await decided(clinic, told("-"))
    assert (await shares_of(clinic, made))[1:] == ("0.00", "0.00", "120.00", "120.00")
    await clinic.prove()


@pytest.mark.rule("INS-3.6", "INS-4.3")
async def test_a_bundle_as_the_standard_has_it_and_what_is_in_excess_of_nothing(clinic: Any) -> None:
    """A and B of 100.00 are one service of 120.00, 70.00 of it the patient's (X12 835, bundling: OA 94).

    It was 160.00 written off and 50.00 too much. A secondary's excess beside it takes nothing off the first's contract.
    """
    first, second = Insurer(), Insurer("Cigna", "secondary")
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("100.00"))
    a, b = made["lines"]
    bundled = (("OA", "94", "-100.00"), ("CO", "45", "80.00"), ("PR", "2", "20.00"), ("PR", "1", "50.00"))
    lines = [line_of(a, "50.00", *bundled), line_of(b, "0.00", ("CO", "97", "100.00"))]
    await decided(clinic, first.decides(made, lines))
    assert await shares_of(clinic, made) == ("50.00", "80.00", "70.00", "0.00", "120.00")
    excess = line_of(b, "5.00", ("OA", "23", "100.00"), ("OA", "94", "-5.00"))
    await decided(clinic, second.decides(made, [excess]))
    assert (await shares_of(clinic, made))[1] == "80.00"
    await clinic.prove()


@pytest.mark.rule("INS-1.3", "INS-4.8")
async def test_a_line_of_which_all_was_taken_back_is_as_estimated_again(clinic: Any) -> None:
    """Estimated 60.00 paid, 20.00 off, 20.00 the patient's; decided so, and reversed without a correction."""
    insurer = Insurer()
    line = clinic.custom("100.00") | {"estimates": [insurer.estimate("60.00", "20.00", "20.00")]}
    made = await clinic.invoice(line)
    before = await clinic.read(made["id"])
    (line,) = made["lines"]
    rows = [("CO", "45", "20.00"), ("PR", "2", "20.00")]
    await decided(clinic, insurer.decides(made, [line_of(line, "60.00", *rows)]))
    back = [(group, reason, f"-{amount}") for group, reason, amount in rows]
    await decided(clinic, insurer.decides(made, [line_of(line, "-60.00", *back)]))
    found = await clinic.read(made["id"])
    assert (found["parts"], found["outstanding"]) == (before["parts"], before["outstanding"])
    assert [payer["still_expected"] for payer in found["insurance"]["payers"]] == [clinic.usd("60.00")]
    await clinic.prove()


async def test_of_an_invoice_that_asks_for_nothing_nothing_is_expected(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    await decided(clinic, insurer.decides(made, [line_of(made["lines"][0], "60.00", ("PR", "2", "40.00"))]))
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("70.00")}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    (payer,) = (await clinic.read(made["id"]))["insurance"]["payers"]
    assert payer["still_expected"] == clinic.usd("30.00")
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body | {"amount": clinic.usd("30.00")})
    (payer,) = (await clinic.read(made["id"]))["insurance"]["payers"]
    assert payer["still_expected"] == clinic.usd("0.00")


@pytest.mark.rule("INS-1.3")
async def test_what_came_of_an_insurer_that_answered_in_two_turns_is_of_the_turn_that_it_paid_in(clinic: Any) -> None:
    """As primary it leaves all to another payer (CO 22); as secondary it pays 15.00, which comes in."""
    first, second = Insurer(), Insurer("Cigna", "secondary")
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    too_soon = Insurer("Cigna", "primary", second.id)
    await decided(
        clinic,
        too_soon.decides(made, [line_of(line, "0.00", ("CO", "22", "100.00"))]),
        first.decides(made, [line_of(line, "60.00", ("CO", "45", "20.00"), ("PR", "2", "20.00"))]),
        second.decides(made, [line_of(line, "15.00", ("PR", "3", "5.00"))]),
    )
    await clinic.settle(made, "15.00", payer=Payer(kind="insurer", payer_id=second.id, name="Cigna"))
    payers = (await clinic.read(made["id"]))["insurance"]["payers"]
    names = ("payer_name", "payer_sequence")
    assert {tuple(payer[name] for name in names): (payer["received"], payer["still_expected"]) for payer in payers} == {
        ("Cigna", "primary"): (clinic.usd("0.00"), clinic.usd("0.00")),
        ("Delta", "primary"): (clinic.usd("0.00"), clinic.usd("60.00")),
        ("Cigna", "secondary"): (clinic.usd("15.00"), clinic.usd("0.00")),
    }
