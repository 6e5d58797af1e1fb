"""What insurers' decisions make of invoices: in turn, negative, twice, out of order, unbalanced (`INS-3`)."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.adjudications import AdjudicationApplied, AdjudicationSetAside
from contracts.golden import GOLDEN, data_of
from contracts.golden.example import headers_of
from contracts.insurance import ClaimAdjudicated
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from contracts.payments import Payer
from invoicing_insurers import Insurer, usd


def shown(shares: dict[str, Any], *names: str) -> dict[str, str]:
    wanted = names or ("paid", "written_off", "patient_part", "undecided", "overpaid")
    return {name: shares[name]["amount"] for name in wanted}


async def decided(clinic: Any, *events: ClaimAdjudicated) -> None:
    await clinic.harness.deliver(*[event.model_copy(update={"clinic_id": clinic.id}) for event in events])


@pytest.mark.rule("INS-3.2", "INS-3.3")
async def test_a_decision_writes_off_what_the_contract_takes_and_leaves_the_patient_its_part(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("30.00"))
    first, second = made["lines"]
    event = insurer.decides(made, [insurer.line(first, "60.00", CO="10.00", PR="30.00"), insurer.line(second, "30.00")])
    await decided(clinic, event)
    found = await clinic.read(made["id"])
    assert shown(found["insurance"]["decided"]) == {
        "paid": "90.00",
        "written_off": "10.00",
        "patient_part": "30.00",
        "undecided": "0.00",
        "overpaid": "0.00",
    }
    assert (found["credited"], found["outstanding"], found["settled"]) == (
        clinic.usd("10.00"),
        clinic.usd("120.00"),
        clinic.usd("0.00"),
    )
    (note,) = found["notes"]
    assert (note["kind"], note["total"], note["decision_id"]) == (
        "contractual_write_off",
        clinic.usd("10.00"),
        str(event.decision_id),
    )
    assert [line["invoice_line_id"] for line in note["lines"]] == [first["id"]]
    (credited,) = await clinic.announced(InvoiceCredited)
    (applied,) = await clinic.harness.announced(AdjudicationApplied, clinic_id=clinic.id)
    assert (credited.kind, credited.decision_id) == ("contractual_write_off", event.decision_id)
    told = applied.read_as(AdjudicationApplied)
    assert (str(applied.subject), applied.sequence) == (made["id"], found["version"])
    assert (told.shares.patient_part.amount, told.written_off.amount, told.review) == ("30.00", "10.00", ())
    await clinic.prove()


async def test_the_golden_decision_is_accepted_as_it_stands(clinic: Any) -> None:
    """The contract's example, on an invoice whose ids are those of the story."""
    golden = GOLDEN["insurance.claim.adjudicated.v1"]
    assert headers_of(golden)["ce_type"] == ClaimAdjudicated.event_type
    event = ClaimAdjudicated.model_validate(data_of(golden))
    made = await clinic.invoice(clinic.custom("62.50"), clinic.custom("193.50"), clinic.custom("29.80"))
    lines = zip(event.lines, made["lines"][:2], strict=True)
    placed = event.model_copy(
        update={
            "patient_id": clinic.patient_id,
            "invoice_id": UUID(made["id"]),
            "lines": tuple(line.model_copy(update={"invoice_line_id": UUID(own["id"])}) for line, own in lines),
        }
    )
    await decided(clinic, placed)
    found = (await clinic.read(made["id"]))["insurance"]
    assert shown(found["decided"], "fee", "paid", "written_off", "patient_part", "undecided") == {
        "fee": "256.00",
        "paid": "200.10",
        "written_off": "21.50",
        "patient_part": "34.40",
        "undecided": "0.00",
    }


async def test_a_decision_told_twice_counts_once(clinic: Any) -> None:
    """Redelivered, and told again under another event id: one credit note."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    event = insurer.decides(made, [insurer.line(made["lines"][0], "60.00", CO="10.00", PR="30.00")])
    event = event.model_copy(update={"clinic_id": clinic.id})
    message = clinic.message(event, 1)
    await clinic.harness.deliver(message, message)
    await clinic.harness.deliver(message)
    await clinic.harness.deliver(event, event)
    found = await clinic.read(made["id"])
    assert (len(found["notes"]), found["credited"]) == (1, clinic.usd("10.00"))
    assert len(await clinic.announced(AdjudicationApplied)) == 1
    assert await clinic.listed("/v1/set-aside-decisions") == []


async def test_another_decision_under_a_known_id_is_set_aside(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    first = insurer.decides(made, [insurer.line(line, "60.00", PR="40.00")])
    other = insurer.decides(made, [insurer.line(line, "90.00", PR="10.00")], decision_id=first.decision_id)
    await decided(clinic, first, other)
    (found,) = await clinic.listed("/v1/set-aside-decisions")
    assert (found["cause"], found["decision_id"]) == ("decision_differs", str(first.decision_id))
    assert shown((await clinic.read(made["id"]))["insurance"]["decided"], "paid") == {"paid": "60.00"}


@pytest.mark.rule("INS-4.1")
@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_payers_in_turn_come_to_the_same_in_any_order(clinic: Any, order: tuple[int, ...]) -> None:
    """The secondary starts from what the primary left; the third from what the second left (INS-4)."""
    first, second, third = Insurer(), Insurer("Cigna", "secondary"), Insurer("Guardian", "tertiary")
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    events = [
        first.decides(made, [first.line(line, "60.00", CO="10.00", PR="30.00")]),
        second.decides(made, [second.line(line, "20.00", OA="70.00", PR="10.00")]),  # OA 23: what the primary did
        third.decides(made, [third.line(line, "4.00", PR="6.00")]),  # claimed was only what the secondary left
    ]
    for place in order:
        await decided(clinic, events[place])
    found = await clinic.read(made["id"])
    assert shown(found["insurance"]["decided"]) == {
        "paid": "84.00",
        "written_off": "10.00",
        "patient_part": "6.00",
        "undecided": "0.00",
        "overpaid": "0.00",
    }
    assert [payer["payer_name"] for payer in found["insurance"]["payers"]] == ["Delta", "Cigna", "Guardian"]
    assert await clinic.listed("/v1/invoice-reviews") == []
    await clinic.prove()


@pytest.mark.rule("INS-3.3")
async def test_what_neither_contract_nor_patient_has_stays_with_the_insurers(clinic: Any) -> None:
    """OA and PI are never silently the patient's."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    await decided(clinic, insurer.decides(made, [insurer.line(made["lines"][0], "60.00", OA="15.00", PI="25.00")]))
    found = await clinic.read(made["id"])
    assert shown(found["insurance"]["decided"]) == {
        "paid": "60.00",
        "written_off": "0.00",
        "patient_part": "0.00",
        "undecided": "40.00",
        "overpaid": "0.00",
    }
    assert found["outstanding"] == clinic.usd("100.00")


@pytest.mark.rule("INS-3.4")
async def test_a_reversal_takes_back_all_that_a_decision_did_and_a_correction_follows(clinic: Any) -> None:
    """X12 835 claim status 22: the decision again with negative amounts, then the right one."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00", tax_category="S"))
    (line,) = made["lines"]
    await decided(clinic, insurer.decides(made, [insurer.line(line, "60.00", CO="10.00", PR="30.00")]))
    assert (await clinic.read(made["id"]))["credited"] == clinic.usd("12.20")
    reversal = insurer.decides(made, [insurer.line(line, "60.00", negative=True, CO="10.00", PR="30.00")])
    await decided(clinic, reversal)
    back = await clinic.read(made["id"])
    assert back["outstanding"] == clinic.usd("122.00")
    assert shown(back["insurance"]["decided"], "paid", "written_off", "patient_part", "undecided") == {
        "paid": "0.00",
        "written_off": "0.00",
        "patient_part": "0.00",
        "undecided": "100.00",
    }
    (debited,) = await clinic.announced(InvoiceDebited)
    assert (debited.kind, debited.decision_id, debited.total.amount) == (
        "undo_credit_note",
        reversal.decision_id,
        "12.20",
    )
    await decided(clinic, insurer.decides(made, [insurer.line(line, "70.00", CO="25.00", PR="5.00")]))
    found = await clinic.read(made["id"])
    assert shown(found["insurance"]["decided"], "paid", "written_off", "patient_part") == {
        "paid": "70.00",
        "written_off": "25.00",
        "patient_part": "5.00",
    }
    assert found["outstanding"] == clinic.usd("91.50")  # 122.00 - 25.00 and its tax
    await clinic.prove()


async def test_a_supplemental_payment_adds_up_and_a_part_of_a_write_off_comes_back(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    await decided(
        clinic,
        insurer.decides(made, [insurer.line(line, "60.00", CO="20.00", PR="20.00")]),
        insurer.decides(made, [insurer.line(line, "8.00", CO="-8.00")]),
    )
    found = await clinic.read(made["id"])
    assert shown(found["insurance"]["decided"], "paid", "written_off", "patient_part", "undecided") == {
        "paid": "68.00",
        "written_off": "12.00",
        "patient_part": "20.00",
        "undecided": "0.00",
    }
    assert [(note["side"], note["total"]["amount"]) for note in found["notes"]] == [
        ("credit", "20.00"),
        ("debit", "8.00"),
    ]
    by_hand = await clinic.post(f"/v1/credit-notes/{found['notes'][0]['id']}/undo", {"reason": "no"}, 409)
    assert by_hand["type"].endswith("note-cannot-be-undone")
    await clinic.prove()


@pytest.mark.rule("INS-4.2")
async def test_decisions_beyond_the_fee_are_flagged_and_the_rest_is_overpaid(clinic: Any) -> None:
    """Paid + written off + patient part never exceed the fee; what was paid too much is the payer's credit (INS-4)."""
    first, second = Insurer(), Insurer("Cigna", "secondary")
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    await decided(
        clinic,
        first.decides(made, [first.line(line, "80.00", CO="10.00", PR="10.00")]),
        second.decides(made, [second.line(line, "50.00", PR="50.00")]),
    )
    found = await clinic.read(made["id"])
    assert shown(found["insurance"]["decided"]) == {
        "paid": "90.00",
        "written_off": "10.00",
        "patient_part": "0.00",
        "undecided": "0.00",
        "overpaid": "40.00",
    }
    (review,) = await clinic.listed("/v1/invoice-reviews")
    assert (review["cause"], review["invoice_id"]) == ("decided_beyond_fee", made["id"])
    (_, told) = await clinic.announced(AdjudicationApplied)
    assert told.review == ("decided_beyond_fee",)


async def test_a_write_off_stops_at_what_is_left_to_credit(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    courtesy = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("95.00")}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", courtesy)
    await decided(clinic, insurer.decides(made, [insurer.line(made["lines"][0], "0.00", CO="40.00", PR="60.00")]))
    found = await clinic.read(made["id"])
    assert (found["credited"], found["outstanding"]) == (clinic.usd("100.00"), clinic.usd("0.00"))
    (review,) = await clinic.listed("/v1/invoice-reviews")
    assert review["cause"] == "write_off_capped"
    decided_on = {one: amount["amount"] for one, amount in found["insurance"]["decided"].items() if amount}
    assert (decided_on["written_off"], decided_on["patient_part"], decided_on["undecided"]) == (
        "40.00",
        "60.00",
        "0.00",
    )
    (listed,) = await clinic.listed("/v1/insurance-decisions")
    assert (listed["contractual"], listed["written_off"]) == (clinic.usd("40.00"), clinic.usd("5.00"))
    await clinic.prove()


async def test_a_decision_on_a_void_invoice_is_kept_and_flagged_and_writes_nothing_off(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.post(f"/v1/invoices/{made['id']}/void", {"reason": "wrong patient"}, 200)
    await decided(clinic, insurer.decides(made, [insurer.line(made["lines"][0], "60.00", CO="40.00")]))
    found = await clinic.read(made["id"])
    assert (found["notes"], found["status"]) == ([], "void")
    assert found["insurance"]["payers"][0]["still_expected"] == clinic.usd("0.00")
    assert [one["cause"] for one in await clinic.listed("/v1/invoice-reviews")] == ["decided_after_void"]


@pytest.mark.rule("INS-3.1")
@pytest.mark.parametrize(
    ("cause", "changes", "said"),
    [
        ("unbalanced_line", {"paid": "61.00"}, "line 1: 100.00 claimed less 40.00 adjusted is 60.00"),
        ("unbalanced_claim", {"sum": "59.00"}, "the lines sum to 60.00 paid, the claim says 59.00"),
        ("unknown_line", {"line": True}, "line 1: the invoice has no line"),
        ("unknown_line", {"doubt": "REF*6R 1 is line 1 (D0120)"}, "line 1: REF*6R 1 is line 1 (D0120)"),
        ("line_named_twice", {"twice": True}, "is named twice"),
        ("wrong_currency", {"currency": "EUR"}, "is in EUR"),
        ("unusable_amount", {"amount": "60.001"}, "USD has 2 decimals"),
        ("unusable_amount", {"put_off": "1.00"}, "1.00 put off is not of the 0.00 taken back"),
        ("other_patient", {"patient": True}, "is not of patient"),
    ],
)
async def test_what_does_not_balance_or_fit_is_set_aside_and_holds_nothing_back(
    clinic: Any, cause: str, changes: dict[str, Any], said: str
) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("7.00"))
    good = insurer.line(made["lines"][0], "60.00", PR="40.00")
    bad = good
    if "paid" in changes:
        bad = good.model_copy(update={"paid": usd(changes["paid"])})
    if "currency" in changes or "amount" in changes:
        bad = good.model_copy(update={"paid": good.paid.model_copy(update=changes)})
    if "line" in changes:
        bad = good.model_copy(update={"invoice_line_id": new_id()})
    if "doubt" in changes:
        bad = good.model_copy(update={"invoice_line_id": new_id(), "doubt": changes["doubt"]})
    event = insurer.decides(made, [bad, bad] if "twice" in changes else [bad])
    if "paid" in changes:
        event = event.model_copy(update={"paid": usd(changes["paid"])})
    if "sum" in changes:
        event = event.model_copy(update={"paid": usd(changes["sum"])})
    if "put_off" in changes:
        event = event.model_copy(update={"put_off": usd(changes["put_off"])})
    if "patient" in changes:
        event = event.model_copy(update={"patient_id": new_id()})
    further = insurer.decides(made, [insurer.line(made["lines"][1], "7.00")])
    await decided(clinic, event, further)
    (found,) = await clinic.listed("/v1/set-aside-decisions", state="open")
    assert (found["cause"], found["decision_id"]) == (cause, str(event.decision_id))
    assert said in found["detail"]
    (told,) = await clinic.harness.announced(AdjudicationSetAside, clinic_id=clinic.id)
    assert (told.read_as(AdjudicationSetAside).cause, str(told.subject), told.sequence) == (cause, found["id"], 1)
    decisions = await clinic.listed("/v1/insurance-decisions")
    assert [decision["decision_id"] for decision in decisions] == [str(further.decision_id)]
    assert await clinic.harness.set_aside() == []  # no dead letter: later events of the patient go on


@pytest.mark.rule("INS-9.5")
async def test_what_of_a_reversal_is_put_off_is_kept_also_where_it_was_set_aside_before(clinic: Any) -> None:
    """0.00 says that its remittance takes back all of it; nothing, that nobody knows."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"), issue=False)
    lines = [insurer.line(made["lines"][0], "60.00", negative=True, PR="40.00")]
    told = [insurer.decides(made, lines, put_off=usd(amount)) for amount in ("60.00", "0.00")]
    await decided(clinic, *told, insurer.decides(made, lines))
    await clinic.post(f"/v1/invoices/{made['id']}/issue", status=200)
    for aside in reversed(await clinic.listed("/v1/set-aside-decisions")):
        await clinic.post(f"/v1/set-aside-decisions/{aside['id']}/retry", status=200)
    listed = await clinic.listed("/v1/insurance-decisions")
    assert [one["put_off"] for one in listed] == [None, clinic.usd("0.00"), clinic.usd("60.00")]


async def test_a_decision_never_reaches_another_clinics_invoice(clinic: Any) -> None:
    """ALL-4: not even in one batch with a decision of that clinic, whose rows the transaction may see."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    lines = [insurer.line(made["lines"][0], "60.00", CO="10.00", PR="30.00")]
    own = insurer.decides(made, lines, clinic_id=clinic.id)
    foreign = insurer.decides(made, lines, clinic_id=new_id())
    await clinic.harness.deliver(own, foreign)
    found = await clinic.read(made["id"])
    assert (found["credited"], shown(found["insurance"]["decided"], "paid")) == (clinic.usd("10.00"), {"paid": "60.00"})
    async with clinic.harness.client(clinic_id=foreign.clinic_id) as other:
        (aside,) = (await other.get("/v1/set-aside-decisions")).json()["items"]
    assert (aside["cause"], aside["decision_id"]) == ("unknown_invoice", str(foreign.decision_id))
    assert await clinic.listed("/v1/set-aside-decisions") == []


async def test_a_decision_on_a_day_before_the_last_note_is_dated_by_that_note(clinic: Any) -> None:
    """INV-7: the clinic's zone went back behind the series' last day; nobody waits, and nobody has to replay."""
    await clinic.configure(time_zone="Pacific/Kiritimati")
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.post(
        f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "r", "amount": clinic.usd("1.00")}
    )
    await clinic.configure(time_zone="Pacific/Pago_Pago")
    event = insurer.decides(made, [insurer.line(made["lines"][0], "60.00", CO="10.00", PR="30.00")])
    await decided(clinic, event)
    assert [one for one in await clinic.harness.set_aside() if one.clinic_id == clinic.id] == []
    notes = (await clinic.read(made["id"]))["notes"]
    assert {note["issue_date"] for note in notes} == {"2026-11-24"}


@pytest.mark.rule("INS-1.1")
async def test_estimate_decision_and_money_are_shown_apart(clinic: Any) -> None:
    """INS-1: what is still expected is what was decided, else estimated, less what came in."""
    first, second = Insurer(), Insurer("Cigna", "secondary")
    line = clinic.custom("100.00", estimates=[first.estimate("50.00", "10.00", "40.00"), second.estimate("25.00")])
    made = await clinic.invoice(line)
    await decided(clinic, first.decides(made, [first.line(made["lines"][0], "60.00", CO="10.00", PR="30.00")]))
    payer = Payer(kind="insurer", payer_id=first.id, name=first.name)
    await clinic.settle(made, "45.00", payer=payer, method="insurance")
    found = (await clinic.read(made["id"]))["insurance"]
    assert {name: found["estimated"][name]["amount"] for name in found["estimated"]} == {
        "insurers_share": "75.00",
        "write_off": "10.00",
        "patient_share": "15.00",
    }
    names = ("estimated", "paid", "received", "still_expected")
    assert [tuple(one[name]["amount"] for name in names) for one in found["payers"]] == [
        ("50.00", "60.00", "45.00", "15.00"),
        ("25.00", "0.00", "0.00", "25.00"),
    ]
