"""The checker of `make faults` finds each thing that may go wrong, and nothing where all is well (`ALL-7`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from asked_requests import Asked
from contracts.event import Event
from contracts.golden import GOLDEN
from local_stack.layout import SERVICES
from planted import NAME, in_files, in_record
from recoveries import DOCUMENT, ENDS, over_all
from replaying import PROJECTIONS, topics_of, unlike
from survival import Evidence, Published, lost_or_doubled

CLINIC, VISIT = UUID(int=1), UUID(int=2)


def asked(path: str, made: Any, outcome: Any = "acknowledged") -> Asked:
    return Asked(UUID(int=7), "payments", CLINIC, path, {}, outcome, made)


def invoice(name: str, number: int, visit: UUID | None = None, status: str = "issued") -> dict[str, Any]:
    appointment = None if visit is None else str(visit)
    return {
        "id": name,
        "number": f"INV-2026-{number:06}",
        "appointment_id": appointment,
        "status": status,
        "clinic_id": str(CLINIC),
    }


def receipt(transaction: str, number: int, state: str = "issued") -> dict[str, Any]:
    return {
        "transaction_id": transaction,
        "number": f"REC-{number}",
        "state": state,
        "clinic_id": str(CLINIC),
    }


def message(name: str, state: str, copy_of: str | None = None) -> dict[str, Any]:
    return {"id": name, "state": state, "about_event_id": copy_of or name, "channel": "email", "copy_of": copy_of}


def event(name: str, sequence: int) -> Published:
    kind = "billing.payment.recorded.v1"
    return Published("payments", "billing.payments.v1", "patient", str(CLINIC), "payment", sequence, name, kind)


def well() -> Evidence:
    """Two invoices, a payment with its refund, a withdrawal, and all that follows."""
    withdrawn = {"refunds": [{"id": "withdrawn", "payment_id": "paid"}]}
    return Evidence(
        asked=[
            asked("/v1/invoices", {"id": "by hand"}),
            asked("/v1/payments", {"id": "paid"}),
            asked("/v1/payments", None, "refused"),
            asked("/v1/payments/paid/refunds", {"id": "back"}),
            asked("/v1/patients/1/credit/withdrawals", withdrawn),
            asked("/v1/invoices/by hand/void", {"id": "by hand"}),
            asked("/v1/messages/a/resend", {"id": "again"}),
            asked("/v1/messages/c/resend", {"id": "c"}),
            asked("/v1/remittances", {"payments": [{"id": "insured"}, {"id": "insured too"}]}),
        ],
        visits={VISIT: CLINIC},
        invoices=[invoice("by hand", 1), invoice("of a visit", 2, VISIT)],
        transactions={
            "paid": "payment",
            "back": "refund",
            "withdrawn": "refund",
            "insured": "payment",
            "insured too": "payment",
        },
        receipts=[
            receipt("paid", 1),
            receipt("back", 2),
            receipt("withdrawn", 3),
            receipt("insured", 4),
            receipt("insured too", 5),
        ],
        messages=[
            message("a", "sent"),
            message("b", "unknown"),
            message("c", "suppressed"),
            message("again", "sent", "a"),
        ],
        mails={"a": 1, "b": 1, "again": 1},
        told={"1": 1, "2": 2},
        unpublished={"payments": 0},
        outbox={"payments": frozenset({"1", "2"})},
        published=[event("1", 1), event("2", 2), event("1", 1)],
    )


@pytest.mark.rule("ALL-7.1")
def test_where_all_is_well_nothing_is_found() -> None:
    assert lost_or_doubled(well()) == []


def more(name: str, *added: Any) -> Callable[[Evidence], Evidence]:
    return lambda found: replace(found, **cast("Any", {name: [*getattr(found, name), *added]}))


def less(name: str) -> Callable[[Evidence], Evidence]:
    return lambda found: replace(found, **cast("Any", {name: getattr(found, name)[:-1]}))


def instead(**changed: Any) -> Callable[[Evidence], Evidence]:
    return lambda found: replace(found, **changed)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (more("differences", "of a proof"), "a difference: of a proof"),
        (more("set_aside", "a letter"), "set aside: a letter"),
        (more("asked", asked("/v1/payments", None, "unknown")), "was never answered"),
        (more("asked", asked("/v1/remittances", {"payments": [{"id": "lost"}]})), "transaction lost was acknowledged"),
        (more("asked", asked("/v1/payments", {"id": "lost"})), "transaction lost was acknowledged and is not there"),
        (more("asked", asked("/v1/invoices", {"id": "lost"})), "invoice lost was acknowledged and is not there"),
        (more("invoices", invoice("twice", 3)), "invoice twice is there, and nobody was told so"),
        (more("invoices", invoice("more", 3, UUID(int=9))), "which never was"),
        (instead(visits={VISIT: CLINIC, UUID(int=3): CLINIC}), "has no invoice"),
        (more("invoices", invoice("late", 3, VISIT, "draft")), "late is a draft still"),
        (more("invoices", invoice("late", 4, VISIT)), "missing [3], twice []"),
        (more("invoices", invoice("late", 2, VISIT)), "twice [2]"),
        (less("receipts"), "receipt of transaction insured too was acknowledged and is not there"),
        (more("receipts", receipt("paid", 6)), "receipt of transaction paid is there, and nobody was told so"),
        (more("receipts", receipt("paid", 6, "pending")), "REC-6 was never printed"),
        (instead(mails={"again": 1, "a": 2, "b": 1}), "message a is sent and was mailed 2 times"),
        (instead(mails={"again": 1, "a": 1, "b": 2}), "message b is unknown and was mailed 2 times"),
        (instead(mails={"again": 1, "a": 1, "c": 1}), "message c is suppressed and was mailed 1 times"),
        (instead(mails={"again": 1, "b": 1}), "message a is sent and was mailed 0 times"),
        (instead(mails={"again": 1, "a": 1, "x": 1}), "message x was mailed, and nothing knows of it"),
        (more("messages", message("d", "claimed")), "message d is claimed still"),
        (more("messages", message("a", "suppressed")), "two messages about a by email"),
        (less("messages"), "copy again was acknowledged and is not there"),
        (more("messages", message("more", "sent", "a")), "copy more is there, and nobody was told so"),
        (instead(told={"1": 1}), "event 2 was never told to the partner"),
        (instead(told={"1": 1, "2": 1, "3": 1}), "event 3 was told to the partner, and was never published"),
        (instead(misplaced=["a patient's name stands in x.log"]), "a patient's name stands in x.log"),
        (instead(unpublished={"payments": 2}), "2 committed events of payments are unpublished"),
        (instead(outbox={"payments": frozenset({"1", "2", "3"})}), "event of payments 3 was acknowledged and is not"),
        (instead(outbox={"payments": frozenset({"1"})}), "event of payments 2 is there, and nobody was told so"),
        (instead(published=[event("2", 2), event("1", 1)]), "changed from 2 to 1: out of order"),
    ],
)
def test_whatever_is_lost_or_doubled_is_found(change: Callable[[Evidence], Evidence], says: str) -> None:
    found = lost_or_doubled(change(well()))
    assert any(says in line for line in found), found


@pytest.mark.rule("ALL-7.1")
def test_rows_that_a_replay_brings_or_takes_are_found_by_table() -> None:
    before = {"invoices": Counter(["a", "b"]), "notes": Counter(["c"])}
    assert unlike("payments", before, before) == []
    after = {"invoices": Counter(["a", "a", "d"]), "notes": Counter(["c"])}
    assert unlike("payments", before, after) == ["payments: 2 rows of invoices came, 1 went"]


def test_each_service_has_a_projection_that_is_built_anew_from_topics_that_it_hears() -> None:
    assert PROJECTIONS.keys() == set(SERVICES)
    for service, projection in PROJECTIONS.items():
        assert set(projection.topics) <= set(topics_of(service))
    assert set(PROJECTIONS["receipts"].topics) == set(topics_of("receipts")) - {"billing.payments.v1"}
    assert set(PROJECTIONS["notifications"].topics) == set(topics_of("notifications"))


@pytest.mark.rule("ALL-6.1", "ALL-6.4")
def test_a_patients_name_is_found_where_it_does_not_belong(tmp_path: Path) -> None:
    (tmp_path / "payments.log").write_text("paid")
    (tmp_path / "invoicing.log").write_text(f"issued to {NAME.upper()}")
    assert in_files(tmp_path) == ["a patient's name stands in invoicing.log"]
    issued = GOLDEN["billing.invoice.issued.v1"].event
    named = issued.model_copy(update={"patient_family_name": NAME})
    misnamed = issued.model_copy(update={"number": NAME})

    def places(event: Event, **headers: str) -> list[str]:
        said = [(name, value.encode()) for name, value in headers.items()]
        return in_record("topic", event.event_type, b"key", said, event.model_dump_json().encode())

    assert places(named, ce_id="1") == []
    assert [place for place in places(named, ce_subject=NAME) if "its header ce_subject" in place]
    assert [place for place in places(misnamed) if "a member that is about nobody" in place]


def test_the_table_over_all_rounds_is_what_they_say() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert over_all(document) in document, "python tests/faults/recoveries.py"


def test_rounds_are_added_up_by_kind() -> None:
    one = "\n| broker killed | 2 | 1.0 s | 3.0 s |\n"
    other = "\n| broker killed | 1 | 0.5 s | 0.5 s |\n| disk full | 1 | inf s | inf s |\n"
    table = over_all(f"{ENDS}\n{one}{other}")
    assert "| broker killed | 3 | 0.5 to 1.0 s | 3.0 s |\n| disk full | 1 | inf to inf s | inf s |" in table
    assert table.endswith("| all | 4 | | inf s |")
