"""Decisions by whom an invoice does not know, or about invoices that do not come, hold nobody (`INS-8`)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.adjudications import AdjudicationApplied, AdjudicationSetAside
from contracts.insurance import ClaimAdjudicated
from contracts.payments import AllocationReleased, Payer
from invoicing_insurers import Insurer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


async def decided(clinic: Any, *events: ClaimAdjudicated) -> None:
    await clinic.harness.deliver(*[event.model_copy(update={"clinic_id": clinic.id}) for event in events])


async def aside(clinic: Any, **wanted: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await clinic.listed("/v1/set-aside-decisions", **({"state": "open"} | wanted))
    return found


async def insured(clinic: Any, insurer: Insurer, **more: Any) -> dict[str, Any]:
    line = clinic.custom("100.00", estimates=[insurer.estimate("70.00", "20.00", "10.00", **more)])
    made: dict[str, Any] = await clinic.invoice(line)
    return made


def decision(insurer: Insurer, made: dict[str, Any], **changes: Any) -> ClaimAdjudicated:
    return insurer.decides(made, [insurer.line(made["lines"][0], "70.00", CO="20.00", PR="10.00")], **changes)


async def payers_of(clinic: Any, made: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = (await clinic.read(made["id"]))["insurance"]
    return [
        (payer["payer_name"], payer["paid"]["amount"], payer["still_expected"]["amount"]) for payer in found["payers"]
    ]


async def owed(clinic: Any) -> list[tuple[str, str]]:
    found = (await clinic.api.get("/v1/reports/ageing")).json()
    return sorted((item["debtor"], item["total"]["amount"]) for item in found["items"])


@pytest.mark.rule("INS-8.1", "INS-8.2")
async def test_a_decision_about_an_invoice_that_does_not_come_is_set_aside_and_holds_no_other_of_the_patient(
    clinic: Any,
) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    unknown = decision(insurer, made, invoice_id=new_id())
    await decided(clinic, unknown)
    await decided(clinic, decision(insurer, made))
    (found,) = await aside(clinic)
    assert (found["cause"], found["decision_id"]) == ("unknown_invoice", str(unknown.decision_id))
    assert found["detail"] == f"no invoice {unknown.invoice_id} is issued here (yet)"
    (told,) = await clinic.announced(AdjudicationSetAside)
    assert (told.cause, told.exact_cause) == ("unknown_line", "unknown_invoice")
    assert await payers_of(clinic, made) == [("Delta", "70.00", "70.00")]
    assert [one for one in await clinic.harness.set_aside() if one.clinic_id == clinic.id] == []
    tried = await clinic.post(f"/v1/set-aside-decisions/{found['id']}/retry", status=200)
    assert (tried["state"], tried["cause"]) == ("open", "unknown_invoice")


@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_decision_that_came_before_its_invoice_was_issued_is_applied_once_it_is(
    clinic: Any, *, by_hand: bool
) -> None:
    insurer = Insurer()
    draft = await clinic.invoice(clinic.custom("100.00"), issue=False)
    await decided(clinic, decision(insurer, draft))
    await clinic.harness.run_job("apply_awaited_decisions")
    (found,) = await aside(clinic, invoice_id=draft["id"])
    await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=200)
    if by_hand:
        await clinic.post(f"/v1/set-aside-decisions/{found['id']}/retry", status=200)
    await clinic.harness.run_job("apply_awaited_decisions")
    (closed,) = await clinic.listed("/v1/set-aside-decisions", invoice_id=draft["id"])
    assert (closed["id"], closed["state"]) == (found["id"], "applied")
    assert await payers_of(clinic, draft) == [("Delta", "70.00", "70.00")]
    assert len(await clinic.announced(AdjudicationApplied)) == 1
    await clinic.prove()


async def test_what_came_before_its_invoice_and_does_not_balance_says_so_once_the_invoice_is_there(clinic: Any) -> None:
    insurer = Insurer()
    draft = await clinic.invoice(clinic.custom("100.00"), issue=False)
    event = decision(insurer, draft)
    await decided(clinic, event.model_copy(update={"paid": event.charge}))
    await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=200)
    for _ in range(2):
        await clinic.harness.run_job("apply_awaited_decisions")
    (found,) = await aside(clinic, invoice_id=draft["id"])
    assert found["cause"] == "unbalanced_claim"


@pytest.mark.rule("INS-8.1", "INS-8.2")
async def test_an_insurer_who_is_not_on_the_invoice_is_set_aside_and_holds_nothing(clinic: Any) -> None:
    own, other = Insurer(), Insurer("Cigna")
    made = await insured(clinic, own)
    await decided(clinic, decision(other, made))
    await decided(clinic, decision(own, made))
    (found,) = await aside(clinic)
    assert found["cause"] == "payer_not_on_invoice"
    assert f"Cigna ({other.id}) is no insurer of the invoice, which has Delta ({own.id})" in found["detail"]
    assert await payers_of(clinic, made) == [("Delta", "70.00", "70.00")]
    (told,) = await clinic.announced(AdjudicationSetAside)
    assert (told.cause, told.exact_cause) == ("decision_differs", "payer_not_on_invoice")


async def test_an_insurer_is_known_by_its_identifier_whatever_name_and_id_it_comes_under(clinic: Any) -> None:
    own, again = Insurer("MADE-UP PAYER"), Insurer("MADE-UP PAYER INC")
    made = await insured(clinic, own, payer_identifier="mup01")
    assert made["lines"][0]["estimates"][0]["payer_identifier"] == "mup01"
    await decided(clinic, decision(again, made, payer_identifier=" MUP\u200b 01"))
    assert await payers_of(clinic, made) == [("MADE-UP PAYER", "70.00", "70.00")]
    assert await aside(clinic) == []
    (listed,) = await clinic.listed("/v1/insurance-decisions")
    assert (listed["payer_id"], listed["payer_name"]) == (str(own.id), "MADE-UP PAYER")


async def test_a_person_says_once_who_an_unknown_payer_is(clinic: Any) -> None:
    """Later decisions under that id are the same insurer's, redelivered ones too."""
    own, again = Insurer("MADE-UP PAYER"), Insurer("MADE-UP PAYER INC")
    made, later = await insured(clinic, own), await insured(clinic, own)
    event = decision(again, made)
    await decided(clinic, event)
    (found,) = await aside(clinic)
    path = f"/v1/set-aside-decisions/{found['id']}/retry"
    applied = await clinic.post(path, {"payer_id": str(own.id)}, 200)
    assert applied["state"] == "applied"
    await decided(clinic, event, decision(again, later))
    assert await aside(clinic) == []
    for invoice in (made, later):
        assert await payers_of(clinic, invoice) == [("MADE-UP PAYER", "70.00", "70.00")]
    await clinic.prove()


async def test_a_person_names_an_insurer_of_the_invoice_or_the_payer_itself(clinic: Any) -> None:
    """INS-8.1: nobody's id changes nothing, whatever the decision was set aside for."""
    own, other = Insurer(), Insurer("Cigna")
    made = await insured(clinic, own)
    unbalanced = decision(own, made)
    await decided(clinic, decision(other, made), unbalanced.model_copy(update={"paid": unbalanced.charge}))
    for found in await aside(clinic):
        path = f"/v1/set-aside-decisions/{found['id']}/retry"
        problem = await clinic.post(path, {"payer_id": str(new_id())}, 422)
        (error,) = problem["errors"]
        assert error["field"] == "payer_id"
        assert f"is no insurer of the invoice, which has Delta ({own.id}), nor the decision's own" in error["detail"]
    assert len(await aside(clinic)) == 2
    assert await payers_of(clinic, made) == [("Delta", "0.00", "70.00")]
    (found,) = [one for one in await aside(clinic) if one["cause"] == "payer_not_on_invoice"]
    path = f"/v1/set-aside-decisions/{found['id']}/retry"
    assert (await clinic.post(path, {"payer_id": str(other.id)}, 200))["state"] == "applied"


async def test_money_of_a_payer_whom_a_person_has_named_counts_as_that_insurers(clinic: Any) -> None:
    """It is not expected again, on the invoice or in what insurers owe. On an invoice of its own, it is its own."""
    own, again = Insurer("MADE-UP PAYER"), Insurer("MADE-UP PAYER INC")
    made = await insured(clinic, own)
    await decided(clinic, decision(again, made))
    (found,) = await aside(clinic)
    await clinic.post(f"/v1/set-aside-decisions/{found['id']}/retry", {"payer_id": str(own.id)}, 200)
    payer = Payer(kind="insurer", payer_id=again.id, name=again.name)
    await clinic.settle(made, "70.00", payer=payer, method="insurance")
    assert await payers_of(clinic, made) == [("MADE-UP PAYER", "70.00", "0.00")]
    assert await owed(clinic) == [("patient", "10.00")]
    other = await insured(clinic, again)
    await clinic.settle(other, "70.00", payer=payer, method="insurance")
    assert await payers_of(clinic, other) == [("MADE-UP PAYER INC", "0.00", "0.00")]


async def test_what_is_released_of_an_insurers_payment_is_expected_of_it_again(clinic: Any) -> None:
    """A release names no payer: it is whoever's the payment is, on the invoice and in what insurers owe."""
    own = Insurer()
    made = await insured(clinic, own)
    payer = Payer(kind="insurer", payer_id=own.id, name=own.name)
    payment = await clinic.settle(made, "70.00", payer=payer, method="insurance")
    (part,) = payment.settlements
    back = {"of_payment": part.payment_id, "release_id": new_id(), "cause": "invoice_credited"}
    await clinic.settle(made, "-20.00", AllocationReleased, **back)
    assert await payers_of(clinic, made) == [("Delta", "0.00", "20.00")]
    assert await owed(clinic) == [("insurer", "40.00"), ("patient", "10.00")], "with the write-off that it is to decide"


async def test_a_person_takes_a_decision_as_that_of_a_further_insurer(clinic: Any) -> None:
    own, other = Insurer(), Insurer("Cigna", "secondary")
    made = await insured(clinic, own)
    await decided(clinic, other.decides(made, [other.line(made["lines"][0], "5.00", PR="5.00")]))
    (found,) = await aside(clinic)
    await clinic.post(f"/v1/set-aside-decisions/{found['id']}/retry", {"payer_id": str(other.id)}, 200)
    await decided(clinic, other.decides(made, [other.line(made["lines"][0], "1.00", PR="-1.00")]))
    assert await aside(clinic) == []
    assert [(name, paid) for name, paid, _ in await payers_of(clinic, made)] == [("Delta", "0.00"), ("Cigna", "6.00")]


@pytest.mark.rule("INS-3.4")
@pytest.mark.parametrize("table", ["decisions", "decision_lines", "decision_adjustments"])
async def test_decisions_are_only_ever_added(clinic: Any, table: str) -> None:
    """INS-3: later decisions are further rows, never edits."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    await decided(clinic, insurer.decides(made, [insurer.line(made["lines"][0], "60.00", PR="40.00")]))
    for statement in (f"UPDATE {table} SET clinic_id = clinic_id", f"DELETE FROM {table}"):  # noqa: S608 - constants
        with pytest.raises(DBAPIError):
            async with clinic.harness.database.transaction([clinic.id], "test") as work:
                await work.connection.execute(text(statement))
