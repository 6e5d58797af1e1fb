"""Which provider adjustments (PLB) take back what the insurer paid on an invoice of ours (`INS-9`).

A reversal tells of what is taken back, and a recovery takes it, perhaps in another transfer: then the reversal's puts
it off. In whichever order the two are booked, it is taken back once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from remittances.identity import name_key
from remittances.invoices import Invoices
from remittances.payments import Payments
from remittances.posting import Posting
from remittances.remittance import ProviderAdjustment

Json = dict[str, Any]
Reversed = tuple[str | None, Decimal]
"""The reference of a remittance, and how much it takes back of an invoice."""

RECOVERY = "WO"
"""Overpayment recovery. Every other reason is about the transfer as a whole, as is a recovery that is put off."""


async def find_recoveries(posting: Posting, invoices: Invoices, payments: Payments) -> None:
    """See which recoveries name an invoice that money of this insurer is to be taken back of. Raises Unreachable.

    It is what came for the invoice, settled or left over, up to the recovery; the rest of it is withheld. A reversal
    may have told of it before, in a transfer that put the recovery off: what was paid was taken back then, and this
    withholds what is owed since. So where the insurer has reversed something of the invoice, only what came in beyond
    its decisions is taken back here.
    """
    left: dict[str, Decimal] = {}
    for place, one in enumerate(posting.remittance.provider_adjustments):
        if one.reason_code != RECOVERY or one.amount <= 0 or not one.reference:
            continue
        invoice = await _named(one, invoices)
        if invoice is None:
            continue
        id_ = invoice["id"]
        if id_ not in left:
            left[id_] = await _to_be_taken_back(posting, invoice, invoices, payments)
        taken = max(Decimal(0), min(one.amount, left[id_]))
        left[id_] -= taken
        if taken:
            posting.recovered[place] = (UUID(id_), taken)


async def find_recovered_before(posting: Posting, invoices: Invoices, payments: Payments) -> None:
    """See what a reversal takes back here that its recovery, which this transfer puts off, has taken already.

    Raises Unreachable. What other reversals of the invoice took nothing for is theirs, as its recovery was before them.
    """
    patients = {invoice_id: patient_id for patient_id, invoice_id in posting.by_invoice}
    reversed_ = {invoice_id: -amount for (_, invoice_id), amount in posting.by_invoice.items() if amount < 0}
    for place, one in enumerate(posting.remittance.provider_adjustments):
        if one.reason_code != RECOVERY or one.amount >= 0 or not one.reference:
            continue
        invoice = await _named(one, invoices)
        if invoice is None or not reversed_.get(invoice_id := UUID(invoice["id"])):
            continue
        taken = await payments.taken_back(str(patients[invoice_id]))
        own = [each for each in taken if name_key(each["payer_name"] or "") in _names(posting)]
        by_reference = _amount(each for each in own if _recovers(each["reason"], invoice["number"]))
        others = await _reversed_otherwise(posting, invoice_id, invoices)
        free = by_reference - (await _taken_before_them(others, own, payments) if others else Decimal(0))
        before = max(Decimal(0), min(free, -one.amount, reversed_[invoice_id]))
        reversed_[invoice_id] -= before
        if before:
            posting.before[place] = (invoice_id, before)


def _recovers(reason: str | None, number: str) -> bool:
    """Whether a take-back was of a recovery that names an invoice: payers write names behind its number."""
    return reason is not None and (reason == (said := f"PLB {RECOVERY} {number}") or reason.startswith(f"{said} "))


def _amount(lines: Iterable[Json]) -> Decimal:
    return sum((Decimal(each["amount"]["amount"]) for each in lines), Decimal(0))


async def _reversed_otherwise(posting: Posting, invoice_id: UUID, invoices: Invoices) -> list[Reversed]:
    """What this insurer's other remittances took back of an invoice, each by what its decisions come to."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    references: dict[str, str | None] = {}
    for each in await invoices.decided(invoice_id):
        if name_key(each["payer_name"]) in _names(posting):
            remittance = each["remittance_id"] or each["decision_id"]
            sums[remittance] += Decimal(each["paid"]["amount"])
            references[remittance] = each["remittance_reference"]
    sums.pop(str(posting.remittance_id), None)
    return [(references[remittance], -amount) for remittance, amount in sums.items() if amount < 0]


async def _taken_before_them(reversed_: Sequence[Reversed], own: Sequence[Json], payments: Payments) -> Decimal:
    """What reversals of an invoice took nothing for, as its recovery was before them.

    What was taken back under a reversal's reference is its own; a patient may have had some of another invoice taken.
    """
    taken: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    for each in own:
        if each["reason"] is None:
            taken[await payments.reference_of(each["id"])] += Decimal(each["amount"]["amount"])
    left = Decimal(0)
    for reference, amount in reversed_:
        left += amount - min(amount, taken[reference])
        taken[reference] -= min(amount, taken[reference])
    return left


def _names(posting: Posting) -> set[str]:
    """The insurer's, as the file and the invoices have it."""
    return {name_key(name) for name in (posting.remittance.payer_name, *posting.payers.values())}


async def _named(one: ProviderAdjustment, invoices: Invoices) -> dict[str, Any] | None:
    """The invoice whose number the reference is, or begins with: payers write names behind it."""
    for reference in dict.fromkeys((one.reference, one.reference.split()[0])):
        if (invoice := await invoices.find(reference)) is not None:
            return invoice
    return None


async def _to_be_taken_back(
    posting: Posting, invoice: dict[str, Any], invoices: Invoices, payments: Payments
) -> Decimal:
    """What came of this insurer for an invoice and is there: what settles it, and what it left over as credit."""
    names = _names(posting)
    own = [each for each in (invoice["insurance"] or {"payers": []})["payers"] if name_key(each["payer_name"]) in names]
    received, decided = (
        sum((Decimal(each[what]["amount"]) for each in own), Decimal(0)) for what in ("received", "paid")
    )
    came = received + _left_over(invoice, names, await payments.of_patient(invoice["patient_id"]))
    told = await invoices.decided(UUID(invoice["id"]))
    if any(Decimal(each["paid"]["amount"]) < 0 and name_key(each["payer_name"]) in names for each in told):
        return came - decided
    return came


def _left_over(invoice: dict[str, Any], names: set[str], of_patient: Iterable[Json]) -> Decimal:
    """What an insurer's payments hold as credit that settle nothing else than this invoice, or nothing at all."""
    return sum(
        (
            Decimal(one["unallocated"]["amount"])
            for one in of_patient
            if one["payer"]["kind"] == "insurer"
            and name_key(one["payer"]["name"] or "") in names
            and all(part["invoice_id"] == invoice["id"] for part in one["allocations"])
        ),
        Decimal(0),
    )
