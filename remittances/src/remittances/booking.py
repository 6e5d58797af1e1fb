"""Record the transfers of a file in payments, each once: what arrived, for whom, what was taken back or withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid5

from remittances.bodies import REFERENCE_MAX, Part, Payer, body_of, in_parts
from remittances.crediting import say_credited
from remittances.identity import name_key
from remittances.imported import Imported
from remittances.invoices import Invoices
from remittances.payments import Payments, Refused
from remittances.posting import Posting
from remittances.recovering import find_recoveries

Json = dict[str, Any]
Whose = tuple[UUID | None, UUID]
"""The payer, where the invoices know the insurer as several, and the patient."""
NAMED_MAX = 20
"""What was taken back and adjusted is named one by one up to so many; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a transfer."""

    state: Literal["booked", "before", "nothing", "refused"]
    said: str
    credited: tuple[str, ...] = ()
    """What of it is the insurer's credit, as an invoice did not take it, and why (`INS-4`)."""

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
    More patients than one request takes are recorded in parts; one that was cut off goes on where it was.
    Where its invoices know the insurer as several, `payer_id` says whose what concerns no claim is. `is_another` says
    that it is another transfer than those that payments has under its reference.
    """
    posting = one.posting
    posting.know(one.known)
    if posting.moves_nothing:
        return Booked("nothing", "moves no money")
    if reason := _hindered(one) or _of_another(posting, payer_id):
        return Booked("refused", reason)
    whole = _whole(one, payer_id)
    await find_recoveries(posting, invoices, payments)
    if posting.moves_nothing:
        return Booked("nothing", f"moves no money{_said(posting)}")
    recorded = await _recorded(posting, payments, whole[1])
    standing = _standing(posting, recorded)
    parts = in_parts(posting, whole)
    left = parts if is_another else _left(posting, parts, standing)
    if left is None:
        return _differs(posting, standing)
    # A booking that was cancelled as a mistake may be made again.
    attempt = sum(each["status"] == "cancelled" for each in recorded)
    keys = {part.number: str(_key(one, attempt, part, parts)) for part in left}
    bodies = ((part, body_of(posting, part, now, is_another=is_another)) for part in left)
    made: list[Json] = [] if is_another else [each for each in recorded if each["status"] != "cancelled"]
    booked = await _record(one, payments, bodies, keys, len(parts), made)
    numbers = {each.invoice_id: each.invoice_number for each in one.known.values() if each.invoice_number}
    return replace(booked, credited=await say_credited(posting, made, payments, numbers))


async def _record(
    one: Imported,
    payments: Payments,
    bodies: Iterable[tuple[Part, Json]],
    keys: Mapping[int, str],
    count: int,
    made: list[Json],
) -> Booked:
    """Record parts in turn; their payments join those that were made before.

    What a crash or a refusal leaves out, doing it again records.
    """
    fresh = 0
    for part, body in bodies:
        try:
            recorded = await payments.record(body, keys[part.number])
            fresh += not recorded.before
            made += recorded.payments
        except Refused as refused:
            before = f"{part.number} of its {count} parts are booked, the next is not: " if count > 1 else ""
            return Booked("refused", f"{before}{refused}")
    return Booked("booked", f"{one.posting.remittance.amount} booked{_said(one.posting)}") if fresh else BEFORE


def _key(one: Imported, attempt: int, part: Part, parts: Sequence[Part]) -> UUID:
    """By which payments knows a request again."""
    name = f"booking {attempt}" if len(parts) == 1 else f"booking {attempt} part {part.number}"
    return uuid5(one.remittance_id, name)


def _whole(one: Imported, payer_id: UUID | None) -> Payer:
    """Whose the transfer is as a whole: of several whom the invoices know the insurer as, the one that is said."""
    known = one.posting.payers
    if payer_id is not None and payer_id in known:
        return payer_id, known[payer_id]
    return next(iter(known.items()), (payer_id, one.payer_name))


def _standing(posting: Posting, recorded: Iterable[Json]) -> dict[Whose, Decimal]:
    """What stands in the books of a transfer, by payer and patient; the payer may be known by its name only."""
    found: dict[Whose, Decimal] = {}
    ids = {str(one): one for one in posting.payers}
    for each in recorded:
        if each["status"] != "cancelled":
            payer = ids.get(each["payer"]["payer_id"]) if len(ids) > 1 else None
            key = payer, UUID(each["patient_id"])
            found[key] = found.get(key, Decimal(0)) + Decimal(each["amount"]["amount"])
    return found


def _left(posting: Posting, parts: Sequence[Part], standing: Mapping[Whose, Decimal]) -> Sequence[Part] | None:
    """The parts that are still to be recorded; None where what stands is not what the file says.

    A part is recorded as a whole or not at all, and after those before it.
    """
    if not standing:
        return parts
    left, found = [], dict(standing)
    for part in parts:
        payer = part.payer[0] if len(posting.payers) > 1 else None
        wanted = {(payer, patient_id): sum(of.values(), Decimal(0)) for patient_id, of in part.paid}
        there = {key: found.pop(key) for key in wanted if key in found}
        if there and there != wanted:
            return None
        if wanted and not there:
            left.append(part)
    return None if found else left


def _said(posting: Posting) -> str:
    """What a transfer consists of, in words."""
    count = len(posting.by_patient)
    parts = [f", for {count} patient{'s' * (count > 1)}" if count else ""]
    taken = (*posting.taken_back, *posting.taken_back_here)
    parts += [f", {amount} taken back" + (f" ({named})" if named else "") for _, amount, named in taken]
    parts += [f", {adjustment.said}" for adjustment in posting.adjusted]
    plb = posting.remittance.provider_adjustments
    parts += [f", {amount} was taken back before ({plb[place].name})" for place, (_, amount) in posting.before.items()]
    parts += [
        f", {amount} is left to be taken back by {reference or 'another transfer'}, which is announced and not booked"
        for reference, amount in posting.left_to
    ]
    more = f", and {len(parts) - NAMED_MAX - 1} more take-backs and adjustments" * (len(parts) > NAMED_MAX + 1)
    return "".join(parts[: NAMED_MAX + 1]) + more


def _hindered(one: Imported) -> str | None:
    """What has to happen before a transfer can be recorded, in words."""
    if one.unmatched:
        return f"{one.unmatched} of its claims match no invoice: repair the file, or record it by hand"
    if one.set_aside:
        return f"{len(one.set_aside)} of its decisions are set aside: apply or dismiss them, then import it again"
    if one.pending:
        return f"{len(one.pending)} of its decisions are not applied yet: import it again later"
    return None


def _of_another(posting: Posting, payer_id: UUID | None) -> str | None:
    """Who the insurer is cannot be told, or is said to be none that decided: money is never of another (`INS-4`).

    What pays claims is of whoever decided on them. Whose the rest is of several, a person says.
    """
    payers = posting.payers
    named = ", ".join(f"{name} ({id_})" for id_, name in payers.items())
    if payer_id is None and len(payers) > 1 and posting.remittance.provider_adjustments:
        return (
            f"the invoices know the insurer as {len(payers)}, {named}: say with --payer of which of them it is what "
            "concerns no claim (PLB)"
        )
    if payer_id is not None and payers and payer_id not in payers:
        return (
            f"invoicing has its decisions as those of {named}, and --payer says {payer_id}: leave it out, or name them"
        )
    return None


async def _recorded(posting: Posting, payments: Payments, name: str) -> list[Json]:
    """The payments that were recorded with this transfer's reference, by its insurer."""
    ids, names = {str(payer) for payer in posting.payers}, {name_key(name), name_key(posting.remittance.payer_name)}
    found = await payments.referenced(posting.remittance.reference[:REFERENCE_MAX])
    by_insurer = [one for one in found if one["payer"]["kind"] == "insurer"]
    return [
        one for one in by_insurer if one["payer"]["payer_id"] in ids or name_key(one["payer"]["name"] or "") in names
    ]


def _differs(posting: Posting, standing: Mapping[Whose, Decimal]) -> Booked:
    """What was recorded is not what the file says."""
    total = sum(standing.values(), Decimal(0))
    paid = sum((amount for amount in posting.by_invoice.values() if amount > 0), Decimal(0))
    return Booked(
        "refused",
        f"payments has {total} of this insurer under this reference already, the file pays {paid}: see "
        f"GET /v1/payments?external_reference={posting.remittance.reference}",
    )
