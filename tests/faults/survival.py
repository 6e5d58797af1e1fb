"""What has to be true after faults, decided from what clients were told and what is there: pure, and tested as such."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from asked_requests import Asked
from partner import EVENT_TYPES

_INVOICES = "/v1/invoices"
_PAYMENTS = "/v1/payments"
_REMITTANCES = "/v1/remittances"
_COPIES = re.compile(r"/v1/messages/[^/]+/resend")
_REFUNDS = re.compile(r"/v1/payments/[^/]+/refunds")
_WITHDRAWALS = re.compile(r"/v1/patients/[^/]+/credit/withdrawals")
_NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True)
class Published:
    """One record of a topic: by whom, of which aggregate, and which of its changes."""

    source: str
    topic: str
    key: str
    clinic_id: str
    subject: str
    sequence: int
    event_id: str
    event_type: str


@dataclass
class Evidence:
    """What is there once everything has come to rest."""

    asked: Sequence[Asked] = ()
    visits: Mapping[UUID, UUID] = field(default_factory=dict)
    invoices: Sequence[Mapping[str, Any]] = ()
    """As invoicing lists them, each with its `clinic_id`."""
    transactions: Mapping[str, str] = field(default_factory=dict)
    """Kinds of transactions by their ids, as payments has them."""
    receipts: Sequence[Mapping[str, Any]] = ()
    messages: Sequence[Mapping[str, Any]] = ()
    mails: Mapping[str, int] = field(default_factory=dict)
    """How often the mail server took each message, by the message's id."""
    unpublished: Mapping[str, int] = field(default_factory=dict)
    """Rows of each service's outbox that no relay has published."""
    outbox: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Ids of the events that each service has committed."""
    published: Sequence[Published] = ()
    told: Mapping[str, int] | None = None
    """How often a partner took each event, by the event's id; None where there was no partner."""
    misplaced: Sequence[str] = ()
    """Where a patient's name stands that does not belong there."""
    set_aside: Sequence[str] = ()
    differences: Sequence[str] = ()
    """What proofs and comparisons of the services found."""


def lost_or_doubled(evidence: Evidence) -> list[str]:
    """Everything that is not as it has to be, a line each; nothing where all is well (`ALL-1`, `ALL-7`)."""
    found = [f"a difference: {difference}" for difference in evidence.differences]
    found += [f"set aside: {one}" for one in evidence.set_aside]
    found += _of_requests(evidence)
    found += _of_visits(evidence)
    found += _of_numbers(evidence)
    found += _of_receipts(evidence)
    found += _of_mails(evidence)
    found += _of_events(evidence)
    found += _of_partners(evidence)
    found += evidence.misplaced
    return found


def _of_requests(evidence: Evidence) -> list[str]:
    """Each acknowledged request is there once, each refused one is not, and nothing else is there."""
    unknown = [f"{one.path} {one.key} was never answered" for one in evidence.asked if one.outcome == "unknown"]
    by_desk = [invoice["id"] for invoice in evidence.invoices if invoice["appointment_id"] is None]
    return [
        *unknown,
        *_unlike("invoice", _acknowledged(evidence, invoices=True), by_desk),
        *_unlike("transaction", _acknowledged(evidence, invoices=False), _payments_and_refunds(evidence)),
    ]


def _acknowledged(evidence: Evidence, *, invoices: bool) -> list[str]:
    """The ids of what clients were told was made."""
    told: list[str] = []
    for one in evidence.asked:
        if one.outcome != "acknowledged":
            continue
        if one.path == _INVOICES and invoices:
            told.append(one.answer["id"])
        elif invoices:
            continue
        elif one.path == _REMITTANCES:
            told += [payment["id"] for payment in one.answer["payments"]]
        elif one.path == _PAYMENTS or _REFUNDS.fullmatch(one.path):
            told.append(one.answer["id"])
        elif _WITHDRAWALS.fullmatch(one.path):
            told += [refund["id"] for refund in one.answer["refunds"]]
    return told


def _is_answered(one: Asked, path: re.Pattern[str]) -> bool:
    return one.outcome == "acknowledged" and path.fullmatch(one.path) is not None


def _payments_and_refunds(evidence: Evidence) -> list[str]:
    return [one for one, kind in evidence.transactions.items() if kind in ("payment", "refund")]


def _unlike(what: str, told: Iterable[str], there: Iterable[str]) -> list[str]:
    asked, found = Counter(told), Counter(there)
    lost = [f"{what} {one} was acknowledged and is not there" for one in asked - found]
    return lost + [f"{what} {one} is there, and nobody was told so" for one in found - asked]


def _of_visits(evidence: Evidence) -> list[str]:
    """Each visit is invoiced, and nothing is a draft any more; what came late has a further invoice."""
    billed = {UUID(invoice["appointment_id"]) for invoice in evidence.invoices if invoice["appointment_id"]}
    drafts = [invoice["id"] for invoice in evidence.invoices if invoice["status"] == "draft"]
    return [
        *(f"visit {id_} has no invoice" for id_ in evidence.visits.keys() - billed),
        *(f"an invoice for visit {id_}, which never was" for id_ in billed - evidence.visits.keys()),
        *(f"invoice {draft} is a draft still" for draft in drafts),
    ]


def _of_numbers(evidence: Evidence) -> list[str]:
    """Numbers have no gap, in each clinic's series (`INV-7`)."""
    series: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for name, documents in (("invoices", evidence.invoices), ("receipts", evidence.receipts)):
        for document in documents:
            if document["number"]:
                series[name, document["clinic_id"]].append(_serial(document["number"]))
    return [
        f"{name} of clinic {clinic}: numbers {_gaps(numbers)}"
        for (name, clinic), numbers in series.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]


def _serial(number: str) -> int:
    found = _NUMBER.search(number)
    return int(found[1]) if found else 0


def _gaps(numbers: Sequence[int]) -> str:
    there = Counter(numbers)
    missing = [one for one in range(1, max(numbers) + 1) if one not in there]
    twice = [one for one, times in there.items() if times > 1]
    return f"missing {missing[:10]}, twice {twice[:10]}"


def _of_receipts(evidence: Evidence) -> list[str]:
    """One receipt for each payment and refund, printed (`RCP-1`)."""
    pending = [
        f"receipt {receipt['number']} was never printed"
        for receipt in evidence.receipts
        if receipt["state"] == "pending"
    ]
    there = [receipt["transaction_id"] for receipt in evidence.receipts]
    return pending + _unlike("receipt of transaction", _payments_and_refunds(evidence), there)


def _of_mails(evidence: Evidence) -> list[str]:
    """No message is mailed twice; what was sent, once; what nobody knows of, once or never; else never (`NOT-3`)."""
    allowed = {"sent": (1,), "unknown": (0, 1)}
    known = {message["id"] for message in evidence.messages}
    copies = [message["id"] for message in evidence.messages if message["copy_of"]]
    told = Counter(
        (message["about_event_id"], message["channel"]) for message in evidence.messages if not message["copy_of"]
    )
    asked = [one.answer["id"] for one in evidence.asked if _is_answered(one, _COPIES)]
    return [
        *_unlike("copy", [one for one in asked if one in copies or one not in known], copies),
        *(f"message {one} was mailed, and nothing knows of it" for one in evidence.mails.keys() - known),
        *(f"two messages about {event} by {channel}" for (event, channel), times in told.items() if times > 1),
        *(
            f"message {message['id']} is {message['state']} and was mailed {evidence.mails.get(message['id'], 0)} times"
            for message in evidence.messages
            if evidence.mails.get(message["id"], 0) not in allowed.get(message["state"], (0,))
        ),
        *(
            f"message {message['id']} is {message['state']} still"
            for message in evidence.messages
            if message["state"] in ("claimed", "retrying")
        ),
    ]


def _of_partners(evidence: Evidence) -> list[str]:
    """A partner is told of each event that it asked for, at least once, and of no other (`NOT-7`)."""
    if evidence.told is None:
        return []
    asked_for = {one.event_id for one in evidence.published if one.event_type in EVENT_TYPES}
    return [
        *(f"event {one} was never told to the partner" for one in sorted(asked_for - evidence.told.keys())),
        *(f"event {one} was told to the partner, and was never published" for one in evidence.told.keys() - asked_for),
    ]


def _of_events(evidence: Evidence) -> list[str]:
    """All that was committed is published, nothing else is, and an aggregate's changes in order for each patient."""
    found = [
        f"{rows} committed events of {name} are unpublished" for name, rows in evidence.unpublished.items() if rows
    ]
    by_source: defaultdict[str, set[str]] = defaultdict(set)
    last: dict[tuple[str, str, str, str], Published] = {}
    for one in evidence.published:
        if one.event_id in by_source[one.source]:
            continue  # told again: consumers know it by its id
        by_source[one.source].add(one.event_id)
        before = last.get(lane := (one.topic, one.key, one.clinic_id, one.subject))
        if before is not None and before.sequence > one.sequence:
            found.append(f"{one.topic}: {one.subject} changed from {before.sequence} to {one.sequence}: out of order")
        last[lane] = one
    for name, committed in evidence.outbox.items():
        found += _unlike(f"event of {name}", committed, by_source[name])
    return found
