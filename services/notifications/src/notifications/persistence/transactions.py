"""Payments and refunds: whether they still stand, who paid, and the number of their receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from chassis.database import Work, forgotten
from sqlalchemy import and_, func, text
from sqlalchemy.dialects.postgresql import insert

from notifications.persistence.tables import receipts, transactions


@dataclass(frozen=True)
class TransactionState:
    """What one event says of a payment or refund."""

    clinic_id: UUID
    transaction_id: UUID
    patient_id: UUID
    stands: bool
    payer_name: str | None = None


@dataclass(frozen=True)
class ReceiptNumber:
    """The receipt that proves a transaction."""

    clinic_id: UUID
    transaction_id: UUID
    receipt_id: UUID
    number: str


_FORGET_PAYERS = text(
    """
    UPDATE transactions AS t SET payer_name = NULL
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:patients AS uuid[])) AS f (clinic_id, patient_id)
     WHERE t.clinic_id = f.clinic_id AND t.patient_id = f.patient_id AND t.payer_name IS NOT NULL
    """
)


async def forget_payers(work: Work, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Forget who paid in the place of these patients (clinic, patient); payments has it in its books."""
    given = {"clinics": [clinic for clinic, _ in who], "patients": [patient for _, patient in who]}
    await work.connection.execute(_FORGET_PAYERS, given)


async def note(work: Work, states: Sequence[TransactionState]) -> None:
    """Store what is known; once something no longer stands it never does again, in whatever order one hears of it.

    Who paid in the place of somebody who is forgotten already is not kept (`ALL-9`).
    """
    statement = insert(transactions)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["clinic_id", "transaction_id"],
        set_={
            "patient_id": new.patient_id,
            "stands": and_(transactions.c.stands, new.stands),
            "payer_name": func.coalesce(new.payer_name, transactions.c.payer_name),
        },
    )
    await work.connection.execute(statement, [asdict(state) for state in await _as_kept(work, states)])


async def _as_kept(work: Work, states: Sequence[TransactionState]) -> list[TransactionState]:
    lanes = {(state.clinic_id, str(state.patient_id)) for state in states if state.payer_name is not None}
    nameless = await forgotten.among(work.connection, lanes)
    return [
        replace(state, payer_name=None) if (state.clinic_id, str(state.patient_id)) in nameless else state
        for state in states
    ]


async def note_receipts(work: Work, numbers: Sequence[ReceiptNumber]) -> None:
    """Store the receipts' numbers."""
    statement = insert(receipts).on_conflict_do_nothing()
    await work.connection.execute(statement, [asdict(number) for number in numbers])
