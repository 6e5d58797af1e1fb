"""Asking the services for proof: every balance from its entries, and one service beside another (`ALL-8`)."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from local_stack.practice.api import Api
from local_stack.practice.at_once import at_once
from local_stack.practice.comparing import Outcome, compare_clinics
from local_stack.practice.printing import counted
from local_stack.practice.streams import LETTERS_PATIENCE_SECONDS

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.5


@dataclass
class Proof:
    """What was recomputed and compared, and what differs: nothing, if the books balance."""

    compared: Outcome = field(default_factory=Outcome)
    figures: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """What differs within a service and between two, a line each."""
        return [*self.differences, *self.compared.told()]

    def lines(self) -> Iterator[str]:
        """What was recomputed and compared, a line each."""
        for service, figures in self.figures.items():
            yield f"{service}: {counted(figures, 'figure')} recomputed from entries"
        yield from self.compared.lines()


async def prove(
    api: Api,
    clinics: Sequence[UUID],
    patience_seconds: float = PATIENCE_SECONDS,
    letters_patience_seconds: float = LETTERS_PATIENCE_SECONDS,
) -> Proof:
    """Have all four services prove these clinics, then compare them with each other.

    A difference within a service, and a message that waits for another to arrive, are given this long to be gone.
    """
    proof = Proof()
    deadline = time.monotonic() + patience_seconds
    # What is being written may take a moment, so a difference within a service counts only if it stays.
    while await _recompute(api, clinics, proof):
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(PAUSE_SECONDS)
    await compare_clinics(api, clinics, proof.compared, letters_patience_seconds)
    return proof


async def _recompute(api: Api, clinics: Sequence[UUID], proof: Proof) -> bool:
    """Have each service recompute each clinic; whether anything differs."""
    found: set[str] = set()
    figures: Counter[str] = Counter()

    async def ask(asked: tuple[str, UUID]) -> None:
        service, clinic = asked
        said = (await api.get(service, clinic, "/v1/prove")).body
        figures[service] += _figures(said)
        found.update(f"{service}, clinic {clinic}: {_said(difference)}" for difference in said["differences"])

    services = api.addresses.services()
    await at_once([(service, clinic) for clinic in clinics for service in services], ask)
    proof.figures = {service: figures[service] for service in services}
    proof.differences = sorted(found)
    return bool(found)


def _figures(said: dict[str, Any]) -> int:
    """How much a service's proof looked at, as each of them says it."""
    counts = (
        said["counts"].values() if "counts" in said else [said[one] for one in ("receipts", "stored") if one in said]
    )
    return int(said.get("figures", sum(counts)))


def _said(difference: Any) -> str:
    if isinstance(difference, dict):
        return ", ".join(f"{name} {value}" for name, value in difference.items())
    return str(difference)
