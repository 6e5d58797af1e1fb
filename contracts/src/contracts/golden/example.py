"""What an example consists of: the event, and the CloudEvents attributes that travel in its Kafka headers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contracts.event import Amount, Event

CLINIC = UUID("019ab7c0-0001-7000-8000-000000000001")
AMARA = UUID("019ab7c0-0002-7000-8000-000000000001")
TOMAS = UUID("019ab7c0-0002-7000-8000-000000000002")
AMARA_TWICE = UUID("019ab7c0-0002-7000-8000-000000000003")
DENTIST = UUID("019ab7c0-0003-7000-8000-000000000001")
INSURER = UUID("019ab7c0-0004-7000-8000-000000000001")
VISIT = UUID("019ab7c0-0005-7000-8000-000000000001")
PLAN = UUID("019ab7c0-0006-7000-8000-000000000001")
PLAN_ITEM = UUID("019ab7c0-0006-7000-8000-000000000002")
CHECK_UP = UUID("019ab7c0-0007-7000-8000-000000000001")
FILLING = UUID("019ab7c0-0007-7000-8000-000000000002")
FLUORIDE = UUID("019ab7c0-0007-7000-8000-000000000003")
INVOICE = UUID("019ab7c0-0008-7000-8000-000000000001")
NEXT_INVOICE = UUID("019ab7c0-0008-7000-8000-000000000002")
OLD_INVOICE = UUID("019ab7c0-0008-7000-8000-000000000003")
CROWN_INVOICE = UUID("019ab7c0-0008-7000-8000-000000000004")
CHECK_UP_LINE = UUID("019ab7c0-0009-7000-8000-000000000001")
FILLING_LINE = UUID("019ab7c0-0009-7000-8000-000000000002")
TOOTHBRUSH_LINE = UUID("019ab7c0-0009-7000-8000-000000000003")
PAYMENT = UUID("019ab7c0-000a-7000-8000-000000000001")
REFUND = UUID("019ab7c0-000a-7000-8000-000000000002")
OLD_PAYMENT = UUID("019ab7c0-000a-7000-8000-000000000003")
RECEIPT = UUID("019ab7c0-000b-7000-8000-000000000001")


@dataclass(frozen=True, slots=True)
class Golden:
    """An example event and its envelope. `source` says which system announced it."""

    event: Event
    source: str
    subject: UUID
    sequence: int
    event_id: UUID


def usd(amount: str) -> Amount:
    """An amount in the story's currency."""
    return Amount(amount=amount, currency="USD")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the story's month, November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def numbered(group: int, number: int) -> UUID:
    """An identifier that no other part of the story needs to name."""
    return UUID(f"019ab7c0-{group:04x}-7000-8000-{number:012x}")


def headers_of(golden: Golden) -> dict[str, str]:
    """The Kafka headers: CloudEvents 1.0, binary mode, and the trace that the event belongs to. Nothing personal."""
    event = golden.event
    return {
        "ce_specversion": "1.0",
        "ce_id": str(golden.event_id),
        "ce_source": golden.source,
        "ce_type": event.event_type,
        "ce_subject": str(golden.subject),
        "ce_time": event.occurred_at.isoformat(),
        "ce_clinicid": str(event.clinic_id),
        "ce_sequence": f"{golden.sequence:012d}",
        "ce_dataschema": f"urn:dental-billing:schemas:{event.event_type}",
        "content-type": "application/json",
        "traceparent": f"00-{golden.event_id.hex}-{golden.event_id.hex[16:]}-01",
    }


def data_of(golden: Golden) -> dict[str, Any]:
    """The Kafka value as JSON: what `model_dump_json` puts on the wire."""
    data: dict[str, Any] = json.loads(golden.event.model_dump_json())
    return data
