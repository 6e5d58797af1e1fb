"""Late, duplicate and out-of-order events of a procedure end the same, under every policy (`INV-1`, `INV-2`)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.messaging import Message

COMPLETED, REVERTED, CLOSED = "completed", "reverted", "closed"
HISTORIES = [
    (COMPLETED, REVERTED, COMPLETED),
    (COMPLETED, CLOSED, REVERTED),
    (COMPLETED, REVERTED, COMPLETED, CLOSED),
    (COMPLETED, REVERTED, COMPLETED, REVERTED),
]
POLICIES = [
    ("manual", False),
    ("per_appointment", False),
    ("per_appointment", True),
    ("per_procedure", False),
    ("per_procedure", True),
]


def events(clinic: Any, history: tuple[str, ...]) -> tuple[Any, list[Message]]:
    """The procedure, and its messages as they were sent: each with its sequence in the procedure's life."""
    visit = new_id()
    procedure = clinic.completed(visit, patient_id=new_id())
    reverted = clinic.reverted(procedure).model_copy(update={"patient_id": procedure.patient_id})
    closed = clinic.closed(visit, patient_id=procedure.patient_id)
    made = {COMPLETED: procedure, REVERTED: reverted, CLOSED: closed}
    return procedure, [clinic.message(made[one], sequence) for sequence, one in enumerate(history, start=1)]


async def require_the_end(clinic: Any, procedure: Any, history: tuple[str, ...], policy: str) -> None:
    """What has to be true, however the events came."""
    patient = {"patient_id": str(procedure.patient_id)}
    (found,) = await clinic.listed("/v1/billable-procedures", **patient)
    told = [one for one in history if one != CLOSED]
    invoices = [await clinic.read(one["id"]) for one in await clinic.listed(**patient)]
    lines = [
        (invoice["status"], line["procedure_id"])
        for invoice in invoices
        if invoice["status"] != "void"
        for line in invoice["lines"]
    ]
    reviews = await clinic.listed("/v1/invoice-reviews", **patient)
    assert len(lines) <= 1
    assert all(invoice["lines"] for invoice in invoices)
    if told[-1] == REVERTED:
        assert found["state"] == "reverted"
        assert [status for status, _ in lines] in ([], ["issued"])
        assert len(reviews) == len(lines)
    else:
        assert found["state"] == ("billable" if policy == "manual" else "invoiced")
        assert len(lines) == (0 if policy == "manual" else 1)
        assert reviews == []


@pytest.mark.rule("INV-1.1", "INV-1.2")
@pytest.mark.parametrize(("policy", "auto_issue"), POLICIES)
@pytest.mark.parametrize("history", HISTORIES, ids="-".join)
async def test_every_order_ends_as_the_latest_event_says(
    clinic: Any, history: tuple[str, ...], policy: str, auto_issue: bool
) -> None:
    """All orders, one by one and in one batch, each message twice."""
    await clinic.configure(billing_policy=policy, auto_issue=auto_issue)
    for order in permutations(range(len(history))):
        for at_once in (False, True):
            procedure, sent = events(clinic, history)
            came = [sent[place] for place in order]
            again = [clinic.message(procedure, sent[0].sequence)]
            for batch in [came + again] if at_once else [[one] for one in came + came[:1] + again]:
                await clinic.harness.deliver(*batch)
            await require_the_end(clinic, procedure, history, policy)
    await clinic.prove()
    assert [one for one in await clinic.harness.set_aside() if one.clinic_id == clinic.id] == []


@pytest.mark.parametrize("first", ["manual", "per_appointment", "per_procedure"])
@pytest.mark.parametrize("second", ["manual", "per_appointment", "per_procedure"])
async def test_a_policy_changed_meanwhile_holds_for_what_is_completed_from_then_on(
    clinic: Any, first: str, second: str
) -> None:
    """INV-2: what was there stays as it was; no procedure is billed twice or lost."""
    await clinic.configure(billing_policy=first, auto_issue=False)
    visit = new_id()
    before = [clinic.completed(visit, "1.00"), clinic.completed(visit, "2.00")]
    await clinic.harness.deliver(*before)
    await clinic.configure(billing_policy=second, auto_issue=True)
    after = clinic.completed(visit, "4.00")
    await clinic.harness.deliver(after, *before, clinic.closed(visit))
    clinic.harness.clock.advance(timedelta(minutes=5))
    await clinic.harness.run_job("issue_late_drafts")
    billable = await clinic.listed("/v1/billable-procedures", state="billable")
    by_hand = (2 if first == "manual" else 0) + (1 if second == "manual" else 0)
    assert len(billable) == by_hand
    listed = await clinic.listed()
    in_all = {"manual": 0, "per_appointment": 3, "per_procedure": 3}[first]
    in_all += {"manual": 0, "per_appointment": 4, "per_procedure": 4}[second]
    assert sum(int(one["totals"]["total"]["amount"].replace(".", "")) for one in listed) == in_all * 100
    expected = {"manual": 0, "per_appointment": 1, "per_procedure": 2}[first]
    joined = first == second == "per_appointment"
    expected += 0 if joined else {"manual": 0, "per_appointment": 1, "per_procedure": 1}[second]
    assert len(listed) == expected
    await clinic.prove()


async def test_one_of_two_reverted_procedures_completed_again_leaves_the_others_review(clinic: Any) -> None:
    visit = new_id()
    one, other = clinic.completed(visit), clinic.completed(visit)
    await clinic.harness.deliver(clinic.message(one, 1), clinic.message(other, 1), clinic.closed(visit))
    await clinic.harness.deliver(clinic.message(clinic.reverted(one), 2), clinic.message(clinic.reverted(other), 2))
    await clinic.harness.deliver(clinic.message(one, 3))
    (left,) = await clinic.listed("/v1/invoice-reviews")
    assert left["procedure_id"] == str(other.procedure_id)
    (closed,) = await clinic.listed("/v1/invoice-reviews", state="closed")
    assert (closed["procedure_id"], closed["closed_because"]) == (str(one.procedure_id), "completed again")
