"""Which provider adjustments (PLB) take back what the insurer paid on an invoice of ours (`INS-9`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from remittances.identity import name_key
from remittances.invoices import Invoices
from remittances.posting import Posting
from remittances.remittance import ProviderAdjustment

RECOVERY = "WO"
"""Overpayment recovery. Every other reason is about the transfer as a whole, as is a recovery that is put off."""


async def find_recoveries(posting: Posting, invoices: Invoices) -> None:
    """See which recoveries name an invoice that money of this insurer is to be taken back of. Raises Unreachable.

    A reversal may have told of it before, in a transfer that put the recovery off: what was paid was taken back then,
    and this withholds what is owed since. So where the insurer has reversed something of the invoice, only what came in
    beyond its decisions is taken back here.
    """
    for place, one in enumerate(posting.remittance.provider_adjustments):
        if one.reason_code != RECOVERY or one.amount <= 0 or not one.reference:
            continue
        invoice = await _named(one, invoices)
        if invoice is not None and await _is_to_be_taken_back(one, posting, invoice, invoices):
            posting.recovered[place] = UUID(invoice["id"])


async def _named(one: ProviderAdjustment, invoices: Invoices) -> dict[str, Any] | None:
    """The invoice whose number the reference is, or begins with: payers write names behind it."""
    for reference in dict.fromkeys((one.reference, one.reference.split()[0])):
        if (invoice := await invoices.find(reference)) is not None:
            return invoice
    return None


async def _is_to_be_taken_back(
    one: ProviderAdjustment, posting: Posting, invoice: dict[str, Any], invoices: Invoices
) -> bool:
    names = {name_key(name) for name in (posting.remittance.payer_name, *posting.payers.values())}
    own = [each for each in (invoice["insurance"] or {"payers": []})["payers"] if name_key(each["payer_name"]) in names]
    received, decided = (
        sum((Decimal(each[what]["amount"]) for each in own), Decimal(0)) for what in ("received", "paid")
    )
    told = await invoices.decided(UUID(invoice["id"]))
    if any(Decimal(each["paid"]["amount"]) < 0 and name_key(each["payer_name"]) in names for each in told):
        return received - decided >= one.amount
    return received >= one.amount
