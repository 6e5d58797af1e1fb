"""Asking the services for proof: every balance recomputed from its entries (`ALL-8`)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from local_stack.practice.api import Api
from local_stack.practice.at_once import at_once
from local_stack.practice.ledger import Clinic

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.5


async def prove(api: Api, clinics: list[Clinic], patience_seconds: float = PATIENCE_SECONDS) -> list[str]:
    """What the proofs of all four services found, a line each; empty when the books balance.

    A difference may be an event on its way, so it counts only if it stays.
    """
    deadline = time.monotonic() + patience_seconds
    while found := await _differences(api, clinics):
        if time.monotonic() > deadline:
            return found
        await asyncio.sleep(PAUSE_SECONDS)
    return []


async def _differences(api: Api, clinics: list[Clinic]) -> list[str]:
    found: list[str] = []

    async def ask(asked: tuple[str, Clinic]) -> None:
        service, clinic = asked
        proof = (await api.get(service, clinic.id, "/v1/prove")).body
        found.extend(f"{service}, {clinic.name}: {_said(one)}" for one in proof["differences"])

    services = api.addresses.services()
    await at_once([(service, clinic) for clinic in clinics for service in services], ask)
    return sorted(set(found))


def _said(difference: Any) -> str:
    if isinstance(difference, dict):
        return ", ".join(f"{name} {value}" for name, value in difference.items())
    return str(difference)
