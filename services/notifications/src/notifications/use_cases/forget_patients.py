"""Forget patients: name, contact points, consent, and the addresses and providers' answers in the log (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chassis.database import Work

from notifications.persistence import messages, patients, suppressed_addresses, transactions


async def forget_patients(work: Work, who: Collection[tuple[UUID, UUID]]) -> None:
    """Forget these patients (clinic, patient) for good.

    What is on its way ends for want of an address. The patients come first: whoever records an outcome holds them
    meanwhile (`record_outcome`), so that its words are seen here or not written.
    """
    in_order = sorted(who)
    await patients.forget(work, in_order)
    await messages.forget(work, in_order)
    await suppressed_addresses.forget(work, in_order)
    await transactions.forget_payers(work, in_order)
