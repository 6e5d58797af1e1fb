"""Insurers, alone or with an amount of each, as columns keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from payments.domain.transaction import Payer

PayerAmounts = tuple[tuple[Payer, int], ...]
"""Each insurer with its amount in minor units."""


def payer_as_json(payer: Payer) -> dict[str, Any]:
    """An insurer as a column keeps it."""
    return {"payer_id": str(payer.payer_id) if payer.payer_id else None, "name": payer.name}


def payer_from_json(kept: Mapping[str, Any]) -> Payer:
    """As the domain has it."""
    return Payer("insurer", UUID(kept["payer_id"]) if kept["payer_id"] else None, kept["name"])


def payers_as_json(amounts: Iterable[tuple[Payer, int]]) -> list[dict[str, Any]]:
    """Insurers with their amounts as a column keeps them."""
    return [payer_as_json(payer) | {"minor": minor} for payer, minor in amounts]


def estimates_as_json(amounts: PayerAmounts, write_offs: PayerAmounts) -> list[dict[str, Any]]:
    """Insurers with what they are estimated to take, and what of it is to be written off; in the same order."""
    kept = zip(payers_as_json(amounts), write_offs, strict=True)
    return [one | {"write_off": write_off} for one, (_, write_off) in kept]


def write_offs_from_json(kept: Sequence[Mapping[str, Any]]) -> PayerAmounts:
    """What of estimates is to be written off: nothing is known of it of invoices from before that was kept."""
    return tuple((payer_from_json(one), one.get("write_off", 0)) for one in kept)


def payers_from_json(kept: Sequence[Mapping[str, Any]]) -> PayerAmounts:
    """As the domain has them."""
    return tuple((payer_from_json(one), one["minor"]) for one in kept)
