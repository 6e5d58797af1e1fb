"""Record the transfers of a file in payments, each once: what arrived, for whom, what was taken back or withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid5

from remittances.identity import name_key
from remittances.imported import Imported
from remittances.invoices import Invoices
from remittances.payments import Payments, Refused
from remittances.posting import Posting
from remittances.recovering import find_recoveries

Json = dict[str, Any]
NOON = timedelta(hours=12)
"""Of a day in UTC: it is that day almost everywhere."""
REFERENCE_MAX, ADJUSTMENT_REFERENCE_MAX = 200, 80


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a transfer."""

    state: Literal["booked", "before", "nothing", "refused"]
    said: str

    @property
    def is_refused(self) -> bool:
        """Whether it is still to be recorded."""
        return self.state == "refused"


BEFORE = Booked("before", "booked before, nothing of it is repeated")


async def book(
    one: Imported,
    invoices: Invoices,
    payments: Payments,
    now: datetime,
    payer_id: UUID | None = None,
    *,
    is_another: bool = False,
) -> Booked:
    """Record a remittance's transfer, unless it was recorded before. Raises Unreachable.

    It is recorded once all of its claims are decided: what needs a person first is said, and doing it again books it.
    `payer_id` says who the insurer is, else it is whose decisions its invoices have. `is_another` says that it is
    another transfer than those that payments has under its reference.
    """
    posting = one.posting
    posting.know(one.known, payer_id)
    if posting.moves_nothing:
        return Booked("nothing", "moves no money")
    if reason := _hindered(one):
        return Booked("refused", reason)
    id_, name = next(iter(posting.payers.items()), (payer_id, one.payer_name))
    recorded = await _recorded(posting, payments, name)
    standing = [each for each in recorded if each["status"] != "cancelled"]
    if standing and not is_another:
        return _compared(posting, standing)
    await find_recoveries(posting, invoices)
    # A booking that was cancelled as a mistake may be made again.
    key = uuid5(one.remittance_id, f"booking {len(recorded) - len(standing)}")
    body = body_of(posting, id_, name, now, is_another=is_another)
    try:
        replayed = await payments.record(body, str(key))
    except Refused as refused:
        return Booked("refused", str(refused))
    return BEFORE if replayed else Booked("booked", f"{posting.remittance.amount} booked{_said(posting)}")


def _said(posting: Posting) -> str:
    """What a transfer consists of, in words."""
    count = len(posting.by_patient)
    parts = [f", for {count} patient{'s' * (count > 1)}" if count else ""]
    parts += [f", {amount} taken back" + (f" ({named})" if named else "") for _, amount, named in posting.taken_back]
    parts += [f", {one.amount} withheld ({one.name})" for one in posting.adjusted]
    return "".join(parts)


def body_of(
    posting: Posting, payer_id: UUID | None, payer_name: str, now: datetime, *, is_another: bool = False
) -> Json:
    """The transfer as `POST /v1/remittances` takes it."""
    head = posting.remittance
    body: Json = {
        "insurer": {"payer_id": str(payer_id) if payer_id else None, "name": payer_name[:200]},
        "amount": posting.written(head.amount),
        "external_reference": head.reference[:REFERENCE_MAX],
        "received_at": min(head.decided_at + NOON, now).isoformat(),
        "payments": [_payment(posting, patient_id, parts) for patient_id, parts in posting.by_patient.items()],
        "allow_overpayment": True,
    }
    if taken_back := posting.taken_back:
        body["take_backs"] = [
            {"invoice_id": str(invoice_id), "amount": posting.written(amount)} | ({"reason": named} if named else {})
            for invoice_id, amount, named in taken_back
        ]
    if adjusted := posting.adjusted:
        body["adjustments"] = [
            {"code": one.reason_code, "amount": posting.written(one.amount)}
            | ({"reference": one.reference[:ADJUSTMENT_REFERENCE_MAX]} if one.reference else {})
            for one in adjusted
        ]
    if is_another:
        body["confirm_duplicate_reference"] = True
    return body


def _payment(posting: Posting, patient_id: UUID, parts: Mapping[UUID, Decimal]) -> Json:
    return {
        "patient_id": str(patient_id),
        "amount": posting.written(sum(parts.values(), Decimal(0))),
        "allocations": [
            {"invoice_id": str(invoice_id), "amount": posting.written(amount)} for invoice_id, amount in parts.items()
        ],
    }


def _hindered(one: Imported) -> str | None:
    """What has to happen before a transfer can be recorded, in words."""
    if one.unmatched:
        return f"{one.unmatched} of its claims match no invoice: repair the file, or record it by hand"
    if one.set_aside:
        return f"{len(one.set_aside)} of its decisions are set aside: apply or dismiss them, then import it again"
    if one.pending:
        return f"{len(one.pending)} of its decisions are not applied yet: import it again later"
    if len(payers := one.posting.payers) > 1:
        named = ", ".join(f"{name} ({id_})" for id_, name in payers.items())
        return f"the invoices know the insurer as {len(payers)}, {named}: say which of them it is with --payer"
    return None


async def _recorded(posting: Posting, payments: Payments, name: str) -> list[Json]:
    """The payments that were recorded with this transfer's reference, by its insurer."""
    ids, names = {str(one) for one in posting.payers}, {name_key(name), name_key(posting.remittance.payer_name)}
    found = await payments.referenced(posting.remittance.reference[:REFERENCE_MAX])
    by_insurer = [one for one in found if one["payer"]["kind"] == "insurer"]
    return [
        one for one in by_insurer if one["payer"]["payer_id"] in ids or name_key(one["payer"]["name"] or "") in names
    ]


def _compared(posting: Posting, standing: list[Json]) -> Booked:
    """Whether what was recorded is what the file says."""
    wanted = {str(patient_id): sum(parts.values(), Decimal(0)) for patient_id, parts in posting.by_patient.items()}
    found: dict[str, Decimal] = {}
    for one in standing:
        found[one["patient_id"]] = found.get(one["patient_id"], Decimal(0)) + Decimal(one["amount"]["amount"])
    if found == wanted:
        return BEFORE
    total = sum(found.values(), Decimal(0))
    paid = sum(wanted.values(), Decimal(0))
    return Booked(
        "refused",
        f"payments has {total} of this insurer under this reference already, the file pays {paid}: see "
        f"GET /v1/payments?external_reference={posting.remittance.reference}",
    )
