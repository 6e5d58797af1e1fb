"""Every event has one golden example, which is what the schema and the class say, and which adds up."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from contracts.event import EVENTS, Amount
from contracts.golden import GOLDEN
from contracts.golden.invoices import ISSUED
from contracts.insurance import ClaimAdjudicated
from contracts.invoicing import Note
from contracts.participants import ANNOUNCES
from contracts.payments import AllocationReleased, Transaction
from jsonschema import Draft202012Validator

CONTRACTS = Path(__file__).parents[2] / "contracts"
PERSONAL = re.compile(
    r"name|phone|email|mail|address|description|tooth|surface|birth|note|contact|reason|code", re.IGNORECASE
)


def committed(folder: str, event_type: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTRACTS / folder / f"{event_type}.json").read_text(encoding="utf-8"))
    return found


def value(amount: Amount) -> Decimal:
    return Decimal(amount.amount)


def test_every_event_has_an_example_and_every_topic_a_writer() -> None:
    assert GOLDEN.keys() == EVENTS.keys()
    assert set(ANNOUNCES) == {event.topic for event in EVENTS.values()}


def test_event_ids_of_the_examples_are_unique() -> None:
    assert len({golden.event_id for golden in GOLDEN.values()}) == len(GOLDEN)


@pytest.mark.parametrize("event_type", EVENTS)
def test_example_is_valid_by_its_schema(event_type: str) -> None:
    schema = committed("schemas", event_type)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(committed("examples", event_type)["data"])


@pytest.mark.parametrize("event_type", EVENTS)
def test_example_survives_being_read_and_written(event_type: str) -> None:
    data = committed("examples", event_type)["data"]
    event = EVENTS[event_type].model_validate_json(json.dumps(data))
    assert event == GOLDEN[event_type].event
    assert json.loads(event.model_dump_json()) == data


@pytest.mark.parametrize("event_type", EVENTS)
def test_members_that_a_consumer_does_not_know_are_ignored(event_type: str) -> None:
    data = committed("examples", event_type)["data"]
    newer = json.dumps(_with_unknown_members(data))
    assert EVENTS[event_type].model_validate_json(newer) == GOLDEN[event_type].event
    Draft202012Validator(committed("schemas", event_type)).validate(json.loads(newer))


@pytest.mark.parametrize("event_type", EVENTS)
def test_event_without_its_optional_members_is_read(event_type: str) -> None:
    schema = committed("schemas", event_type)
    data = committed("examples", event_type)["data"]
    oldest = {name: data[name] for name in schema["required"]}
    assert EVENTS[event_type].model_validate_json(json.dumps(oldest)).clinic_id == GOLDEN[event_type].event.clinic_id


def _with_unknown_members(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _with_unknown_members(member) for name, member in node.items()} | {"a_later_member": {"x": [1]}}
    if isinstance(node, list):
        return [_with_unknown_members(member) for member in node]
    return node


@pytest.mark.rule("ALL-6.4")
@pytest.mark.parametrize("event_type", EVENTS)
def test_key_and_headers_hold_nothing_personal(event_type: str) -> None:
    """ALL-6: an opaque key, and no header that repeats what only the data may say."""
    example = committed("examples", event_type)
    assert re.fullmatch(r"[0-9a-f-]{36}", example["key"])
    told = " ".join(example["headers"].values())
    for text in _personal(example["data"]):
        assert text not in told


def _personal(node: Any, name: str = "") -> list[str]:
    if isinstance(node, dict):
        return [text for member, inner in node.items() for text in _personal(inner, member)]
    if isinstance(node, list):
        return [text for inner in node for text in _personal(inner, name)]
    return [node] if isinstance(node, str) and len(node) > 3 and PERSONAL.search(name) else []


def test_the_issued_invoice_adds_up() -> None:
    """MON-3, MON-4, INS-1: lines to totals, tax by group, shares to the whole."""
    totals = ISSUED.totals
    assert (
        sum(value(line.net) for line in ISSUED.lines) == value(totals.net) == sum(value(t.base) for t in totals.taxes)
    )
    assert sum(value(line.discount) for line in ISSUED.lines) == value(totals.discount)
    assert all(value(t.tax) == round(value(t.base) * Decimal(t.rate) / 100, 2) for t in totals.taxes)
    assert value(totals.net) + value(totals.tax) + value(totals.cash_rounding) == value(totals.total)
    assert ISSUED.patient_share is not None
    insured = sum(value(share.expected) + value(share.write_off) for share in ISSUED.payer_shares)
    assert insured + value(ISSUED.patient_share) == value(totals.total)
    for line in ISSUED.lines:
        for estimate in line.estimates:
            parts = estimate.expected, estimate.write_off, estimate.patient_part
            assert sum(value(part) for part in parts) == value(line.net)


@pytest.mark.parametrize(
    "note",
    [golden.event for golden in GOLDEN.values() if isinstance(golden.event, Note)],
    ids=lambda note: note.event_type,
)
def test_notes_add_up(note: Note) -> None:
    """MON-5."""
    assert sum(value(line.net) for line in note.lines) == value(note.net)
    assert sum(value(line.tax) for line in note.lines) == value(note.tax)
    assert value(note.net) + value(note.tax) == value(note.total)


@pytest.mark.parametrize(
    "transaction",
    [golden.event for golden in GOLDEN.values() if isinstance(golden.event, Transaction)],
    ids=lambda transaction: transaction.event_type,
)
def test_transactions_move_what_they_say(transaction: Transaction) -> None:
    """PAY-12: what changed on invoices and on the patient's credit is the money that moved, or nothing."""
    effect = sum((value(change.change) for change in transaction.settlements), value(transaction.patient_credit_change))
    amount = value(transaction.amount)
    moved = {
        "billing.payment.recorded.v1": amount,
        "billing.refund.cancelled.v1": amount,
        "billing.payment.refunded.v1": -amount,
        "billing.payment.cancelled.v1": -amount,
        "billing.payment.charged_back.v1": -amount,
        "billing.payment.taken_back.v1": -amount,
        "billing.take_back.cancelled.v1": amount,
        "billing.credit.applied.v1": 0,
        "billing.credit.application_cancelled.v1": 0,
        "billing.allocation.moved.v1": 0,
        "billing.credit.transferred.v1": -amount,
    }
    assert effect == moved[transaction.event_type]
    own = [change for change in transaction.credit_changes or () if change.patient_id == transaction.patient_id]
    assert not own or sum(value(change.change) for change in own) == value(transaction.patient_credit_change)


@pytest.mark.rule("PAY-4.2")
def test_the_refund_leaves_the_outstanding_as_it_was() -> None:
    """PAY-4: what left the invoice is credited, so the invoice asks for as much as before."""
    refund = GOLDEN["billing.payment.refunded.v1"].event
    assert isinstance(refund, Transaction)
    recorded = GOLDEN["billing.payment.recorded.v1"].event
    assert isinstance(recorded, Transaction)
    for change, before in zip(refund.settlements, recorded.settlements, strict=True):
        assert value(change.change) + value(change.credited) == 0
        assert change.outstanding == before.outstanding


@pytest.mark.rule("INS-3.1")
def test_the_decision_is_charge_less_adjustments() -> None:
    """INS-3: by line and in sum."""
    claim = GOLDEN["insurance.claim.adjudicated.v1"].event
    assert isinstance(claim, ClaimAdjudicated)
    for line in claim.lines:
        assert value(line.charge) - sum(value(each.amount) for each in line.adjustments) == value(line.paid)
    assert sum(value(line.paid) for line in claim.lines) == value(claim.paid)
    assert sum(value(line.charge) for line in claim.lines) == value(claim.charge)


def test_the_patients_credit_is_the_same_story_from_event_to_event() -> None:
    """PAY-3: each balance is the one before and the change; the credit was 85.00 when the month began."""
    events = (golden.event for golden in GOLDEN.values())
    moved = [event for event in events if isinstance(event, Transaction | AllocationReleased)]
    credit = Decimal("85.00")
    for event in sorted(moved, key=lambda one: one.occurred_at):
        credit += value(event.patient_credit_change)
        assert value(event.patient_credit_balance) == credit >= 0, event.event_type
