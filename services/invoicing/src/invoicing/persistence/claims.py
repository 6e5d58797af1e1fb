"""What claims need between JSON and the domain (`INS-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from invoicing.domain.claim import NOTHING_SAID, Coverage, LineClaim, Residence, Subscriber

_DAYS = ("prior_placement_on", "appliance_placed_on")


def claim_json(claim: LineClaim) -> str | None:
    """What is said of an act; NULL where nothing is."""
    said = {name: value for name in LineClaim.__dataclass_fields__ if (value := getattr(claim, name)) is not None}
    return orjson.dumps(said).decode() if said else None


def claim_of(found: dict[str, Any] | None) -> LineClaim:
    """What that JSON says."""
    if not found:
        return NOTHING_SAID
    return LineClaim(**(found | {name: date.fromisoformat(found[name]) for name in _DAYS if name in found}))


def coverages_json(coverages: Sequence[Coverage]) -> str | None:
    """A patient's coverages; NULL where there are none."""
    return orjson.dumps(list(coverages)).decode() if coverages else None


def coverages_of(found: Sequence[dict[str, Any]] | None) -> tuple[Coverage, ...]:
    """The coverages of that JSON."""
    return tuple(
        Coverage(**(one | {"payer_id": UUID(one["payer_id"]), "subscriber": _subscriber(one.get("subscriber"))}))
        for one in found or ()
    )


def residence_json(address: Residence | None) -> str | None:
    """An address; NULL where there is none."""
    return orjson.dumps(address).decode() if address else None


def residence_of(found: dict[str, Any] | None) -> Residence | None:
    """The address of that JSON."""
    return Residence(**(found | {"lines": tuple(found["lines"])})) if found else None


def _subscriber(found: dict[str, Any] | None) -> Subscriber | None:
    if not found:
        return None
    born = date.fromisoformat(found["birth_date"]) if found["birth_date"] else None
    return Subscriber(**(found | {"birth_date": born, "address": residence_of(found["address"])}))
