"""What claims need between JSON and the domain (`INS-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from invoicing.domain.claim import NOTHING_SAID, Coverage, LineClaim


def claim_json(claim: LineClaim) -> str | None:
    """What is said of an act; NULL where nothing is."""
    said = {name: value for name in LineClaim.__dataclass_fields__ if (value := getattr(claim, name)) is not None}
    return orjson.dumps(said).decode() if said else None


def claim_of(found: dict[str, str] | None) -> LineClaim:
    """What that JSON says."""
    return LineClaim(**found) if found else NOTHING_SAID


def coverages_json(coverages: Sequence[Coverage]) -> str | None:
    """A patient's coverages; NULL where there are none."""
    return orjson.dumps(list(coverages)).decode() if coverages else None


def coverages_of(found: Sequence[dict[str, Any]] | None) -> tuple[Coverage, ...]:
    """The coverages of that JSON."""
    return tuple(Coverage(**(one | {"payer_id": UUID(one["payer_id"])})) for one in found or ())
