"""Which provider adjustments (PLB) take back what the insurer paid on an invoice of ours (`INS-9`).

A reversal tells of what is taken back, and a recovery takes it, perhaps in another transfer: then the reversal's puts
it off. In whichever order the two are booked, it is taken back once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from remittances.identity import name_key
from remittances.invoices import Invoices
from remittances.payments import Payments
from remittances.posting import LeftTo, Posting
from remittances.remittance import RECOVERY, ProviderAdjustment
from remittances.reversals import (
    names_of,
    own_take_backs,
    recovered_before_them,
    reversed_otherwise,
    still_taken_by_them,
)

Json = dict[str, Any]


@dataclass(slots=True)
class Named:
    """A transfer's recoveries (PLB WO) about one invoice of ours, by their places among its adjustments."""

    invoice: Json
    amounts: dict[int, Decimal] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """The invoice's."""
        return UUID(self.invoice["id"])

    @property
    def net(self) -> Decimal:
        """What is recovered here, below zero what is put off: one may take what another one gives."""
        return sum(self.amounts.values(), Decimal(0))


async def find_recoveries(posting: Posting, invoices: Invoices, payments: Payments) -> None:
    """See what recoveries that name an invoice take back of it, here or before this transfer. Raises Unreachable."""
    for one in (await _by_invoice(posting, invoices)).values():
        if one.net > 0:
            posting.named.add(one.id)
            await _take_back(one, posting, invoices, payments)
        elif one.net < 0 and posting.taken_of(one.id):
            await _look_before(one, posting, invoices, payments)


async def _by_invoice(posting: Posting, invoices: Invoices) -> dict[UUID, Named]:
    found: dict[UUID, Named] = {}
    for place, one in enumerate(posting.remittance.provider_adjustments):
        if one.reason_code == RECOVERY and one.reference and (invoice := await _invoice_of(one, invoices)):
            found.setdefault(UUID(invoice["id"]), Named(invoice)).amounts[place] = one.amount
    return found


async def _take_back(named: Named, posting: Posting, invoices: Invoices, payments: Payments) -> None:
    """Take a recovery back of what came for its invoice, settled or left over, then of what comes by this transfer.

    The rest of it is withheld.

    A reversal may have told of it before, in a transfer that put the recovery off: what was paid was taken back then,
    and this withholds what is owed since. So where the insurer has reversed something of the invoice, only what came in
    beyond its decisions is taken back here; nor is what a reversal takes back by itself that is not booked yet.
    """
    there, in_all = await _to_be_taken_back(posting, named.invoice, invoices, payments)
    left = min(named.net, there)
    # Of several whom the invoices know the insurer as, whose money it is that this transfer pays nobody says.
    here = min(named.net, in_all) - left if len(posting.payers) <= 1 else Decimal(0)
    for place, amount in named.amounts.items():
        if (taken := min(amount, left)) > 0:
            left -= taken
            posting.recovered[place] = (named.id, taken)
        if (too := min(amount - max(taken, Decimal(0)), here)) > 0:
            here -= too
            posting.recovered_here[place] = (named.id, too)


async def _look_before(named: Named, posting: Posting, invoices: Invoices, payments: Payments) -> None:
    """See what a reversal takes back here that its recovery, which this transfer puts off, has taken already.

    What other reversals of the invoice took nothing for is theirs, as its recovery was before them.
    """
    own = await own_take_backs(posting, named.invoice["patient_id"], payments)
    by_reference = _amount(each for each in own if _recovers(each["reason"], named.invoice["number"]))
    others = reversed_otherwise(posting, await invoices.decided(named.id))
    free = by_reference - (await recovered_before_them(others, own, payments) if others else Decimal(0))
    left = min(free, -named.net, posting.taken_of(named.id))
    for place, amount in named.amounts.items():
        if (before := min(-amount, left)) > 0:
            left -= before
            posting.before[place] = (named.id, before)


def _recovers(reason: str | None, number: str) -> bool:
    """Whether a take-back was of a recovery that names an invoice: payers write names behind its number."""
    return reason is not None and (reason == (said := f"PLB {RECOVERY} {number}") or reason.startswith(f"{said} "))


def _amount(lines: Iterable[Json]) -> Decimal:
    return sum((Decimal(each["amount"]["amount"]) for each in lines), Decimal(0))


async def _invoice_of(one: ProviderAdjustment, invoices: Invoices) -> dict[str, Any] | None:
    """The invoice whose number the reference is, or begins with: payers write names behind it."""
    for reference in dict.fromkeys((one.reference, one.reference.split()[0])):
        if (invoice := await invoices.find(reference)) is not None:
            return invoice
    return None


async def _to_be_taken_back(
    posting: Posting, invoice: dict[str, Any], invoices: Invoices, payments: Payments
) -> tuple[Decimal, Decimal]:
    """What came of this insurer for an invoice and is there, as settled or left over; and that with what comes here."""
    names = names_of(posting)
    own = [each for each in (invoice["insurance"] or {"payers": []})["payers"] if name_key(each["payer_name"]) in names]
    received, decided = (
        sum((Decimal(each[what]["amount"]) for each in own), Decimal(0)) for what in ("received", "paid")
    )
    came = received + _left_over(invoice, names, await payments.of_patient(invoice["patient_id"]))
    comes = posting.moved_of(UUID(invoice["id"]))
    told = await invoices.decided(UUID(invoice["id"]))
    if any(Decimal(each["paid"]["amount"]) < 0 and name_key(each["payer_name"]) in names for each in told):
        left = await _left_to_others(posting, invoice, told, payments)
        posting.left_to += left
        beyond = max(Decimal(0), came + comes - decided - sum((amount for _, amount in left), Decimal(0)))
        return min(came, beyond), beyond
    return came, came + max(Decimal(0), comes)


async def _left_to_others(
    posting: Posting, invoice: dict[str, Any], told: Iterable[Json], payments: Payments
) -> list[LeftTo]:
    """What reversals of an invoice that are not booked yet will take back of it by themselves."""
    others = [one for one in reversed_otherwise(posting, told) if one.by_itself]
    if not others:
        return []
    return await still_taken_by_them(others, await own_take_backs(posting, invoice["patient_id"], payments), payments)


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
