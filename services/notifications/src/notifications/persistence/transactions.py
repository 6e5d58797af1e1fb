"""Payments and refunds: whether they still stand, who paid, and the number of their receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from uuid import UUID

from chassis.database import Work, forgotten
from chassis.database.rows import Rows
from sqlalchemy import text

from notifications.domain.transaction import ReceiptNumber, TransactionState
from notifications.persistence.patients import KEYS, keys_of
from notifications.persistence.tables import RECEIPTS, TRANSACTIONS

_ROWS = Rows(TRANSACTIONS)
_RECEIPT_ROWS = Rows(RECEIPTS)
# A batch can say several times of one: that it does not stand, and once who paid.
_KEEP = text(
    f"""
    INSERT INTO transactions AS t ({_ROWS.names})
    SELECT clinic_id, transaction_id, (array_agg(patient_id))[1], bool_and(stands), max(payer_name), bool_or(by_insurer)
      FROM {_ROWS.given()} GROUP BY clinic_id, transaction_id ORDER BY clinic_id, transaction_id
    ON CONFLICT (clinic_id, transaction_id) DO UPDATE
       SET patient_id = excluded.patient_id, stands = t.stands AND excluded.stands,
           payer_name = coalesce(excluded.payer_name, t.payer_name),
           by_insurer = coalesce(excluded.by_insurer, t.by_insurer)
    """  # noqa: S608 - constants
)
_KEEP_RECEIPTS = text(f"{_RECEIPT_ROWS.inserting()} ON CONFLICT DO NOTHING RETURNING receipt_id")
_FORGET_PAYERS = text(
    f"""
    UPDATE transactions AS t SET payer_name = NULL FROM {KEYS.given(alias="f")}
     WHERE t.clinic_id = f.clinic_id AND t.patient_id = f.patient_id AND t.payer_name IS NOT NULL
    """  # noqa: S608 - constants
)


async def forget_payers(work: Work, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Forget who paid in the place of these patients (clinic, patient); payments has it in its books."""
    await work.connection.execute(_FORGET_PAYERS, keys_of(who))


async def keep(work: Work, states: Sequence[TransactionState]) -> None:
    """Store what is known; once something no longer stands it never does again, in whatever order one hears of it.

    Who paid in the place of somebody who is forgotten already is not kept (`ALL-9`).
    """
    kept = await _without_forgotten(work, states)
    await work.connection.execute(_KEEP, _ROWS.arrays(asdict(state) for state in kept))


async def _without_forgotten(work: Work, states: Sequence[TransactionState]) -> list[TransactionState]:
    lanes = {(state.clinic_id, str(state.patient_id)) for state in states if state.payer_name is not None}
    nameless = await forgotten.among(work.connection, lanes)
    return [
        replace(state, payer_name=None) if (state.clinic_id, str(state.patient_id)) in nameless else state
        for state in states
    ]


async def keep_receipt_numbers(work: Work, numbers: Sequence[ReceiptNumber]) -> set[UUID]:
    """Store the receipts' numbers; those receipts that are the first of their transactions."""
    rows = _RECEIPT_ROWS.arrays(asdict(number) for number in numbers)
    return set((await work.connection.execute(_KEEP_RECEIPTS, rows)).scalars())
