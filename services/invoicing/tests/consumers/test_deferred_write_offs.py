"""What a contract takes off and another credit left no room for is written off once that credit is undone (`INS-3`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from contracts.insurance import ClaimAdjudicated
from contracts.invoicing import InvoiceCredited
from contracts.payments import PaymentRefunded, RefundCancelled
from invoicing_insurers import Insurer

Credit = Callable[[dict[str, Any], str], Awaitable[Callable[[], Awaitable[Any]]]]
"""Credits an invoice so much, and gives what undoes it."""


async def decided(clinic: Any, *events: ClaimAdjudicated) -> None:
    await clinic.harness.deliver(*[event.model_copy(update={"clinic_id": clinic.id}) for event in events])


async def asked(clinic: Any, made: dict[str, Any]) -> tuple[str, str]:
    """What is credited less what is debited, and what the invoice asks for."""
    found = await clinic.read(made["id"])
    credited = float(found["credited"]["amount"]) - float(found["debited"]["amount"])
    return f"{credited:.2f}", found["outstanding"]["amount"]


async def undo(clinic: Any, note: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "a mistake"})
    return answer


@pytest.fixture(params=["courtesy", "price_correction", "write_off", "bad_debt", "of its line", "refund"])
def credit(clinic: Any, request: pytest.FixtureRequest) -> Credit:
    """Every way in which something else takes what is left to credit, and its opposite."""

    async def by_note(made: dict[str, Any], amount: str) -> Callable[[], Awaitable[Any]]:
        of_line = request.param == "of its line"
        what = {"lines": [{"line_id": made["lines"][0]["id"], "amount": clinic.usd(amount)}]}
        kind = "courtesy" if of_line else request.param
        body = {"kind": kind, "reason": "r", **(what if of_line else {"amount": clinic.usd(amount)})}
        note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
        return lambda: undo(clinic, note)

    async def by_refund(made: dict[str, Any], amount: str) -> Callable[[], Awaitable[Any]]:
        await clinic.settle(made, amount)
        refund = await clinic.settle(made, f"-{amount}", PaymentRefunded, credited=amount)
        back = {"credited": f"-{amount}", "refund_id": refund.transaction_id}
        return lambda: clinic.settle(made, amount, RefundCancelled, **back)

    return by_refund if request.param == "refund" else by_note


@pytest.mark.rule("INS-3.5", "INV-6.4")
@pytest.mark.parametrize("decided_first", [True, False])
async def test_what_took_the_room_of_a_write_off_and_is_undone_leaves_what_the_decision_alone_leaves(
    clinic: Any, credit: Credit, decided_first: bool
) -> None:
    """100.00, of which 95.00 are credited and a contract takes off 40.00: undone, 60.00 are asked in either order."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    event = insurer.decides(made, [insurer.line(made["lines"][0], "0.00", CO="40.00", PR="60.00")])
    if decided_first:
        await decided(clinic, event)
    take_back = await credit(made, "60.00" if decided_first else "95.00")
    if not decided_first:
        await decided(clinic, event)
    await take_back()
    credited, outstanding = await asked(clinic, made)
    settled = float((await clinic.read(made["id"]))["settled"]["amount"])
    assert (credited, float(outstanding)) == ("40.00", max(0.0, 60.00 - settled))
    (listed,) = await clinic.listed("/v1/insurance-decisions")
    assert (listed["contractual"], listed["written_off"]) == (clinic.usd("40.00"), clinic.usd("40.00"))
    await clinic.prove()


@pytest.mark.rule("INS-3.5")
async def test_what_is_deferred_names_its_decision_and_stays_within_what_was_left_free(clinic: Any) -> None:
    """Two courtesies of 80.00 and 20.00, each undone: each leaves room for a half of what is missing."""
    primary, secondary = Insurer(), Insurer("Cigna", "secondary")
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    notes = [
        await clinic.post(
            f"/v1/invoices/{made['id']}/credit-notes",
            {"kind": "courtesy", "reason": "r", "amount": clinic.usd(amount)},
        )
        for amount in ("80.00", "20.00")
    ]
    takes_off = primary.decides(made, [primary.line(line, "0.00", CO="40.00", PR="60.00")])
    await decided(clinic, takes_off, secondary.decides(made, [secondary.line(line, "30.00", OA="40.00", PR="30.00")]))
    await undo(clinic, notes[1])
    assert await asked(clinic, made) == ("100.00", "0.00")
    await undo(clinic, notes[0])
    assert await asked(clinic, made) == ("40.00", "60.00")
    deferred = [one for one in await clinic.announced(InvoiceCredited) if one.kind == "contractual_write_off"]
    assert [(one.total.amount, one.decision_id) for one in deferred] == [
        ("20.00", takes_off.decision_id),
        ("20.00", takes_off.decision_id),
    ]
    assert {one.reason for one in deferred} == {"Written off by contract with Delta"}
    await clinic.prove()


@pytest.mark.rule("INS-3.4")
async def test_what_was_deferred_comes_back_when_its_decision_is_reversed(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("95.00")}
    note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    await decided(clinic, insurer.decides(made, [insurer.line(line, "0.00", CO="40.00", PR="60.00")]))
    await undo(clinic, note)
    await decided(clinic, insurer.decides(made, [insurer.line(line, "0.00", negative=True, CO="40.00", PR="60.00")]))
    assert await asked(clinic, made) == ("0.00", "100.00")
    await clinic.prove()


@pytest.mark.rule("INS-3.5")
async def test_a_decision_that_was_taken_back_before_is_not_written_off(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("95.00")}
    note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    await decided(clinic, insurer.decides(made, [insurer.line(line, "0.00", CO="40.00", PR="60.00")]))
    await decided(clinic, insurer.decides(made, [insurer.line(line, "0.00", negative=True, CO="40.00", PR="60.00")]))
    await undo(clinic, note)
    assert await asked(clinic, made) == ("0.00", "100.00")
    await clinic.prove()
