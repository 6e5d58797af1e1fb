"""What of an insured invoice is the patient's to pay now, and with which installment (`INS-1`, `INS-4`)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import fill_in_order

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.installment_balances import InstallmentBalances


def asked_of_patient(on: AdjudicatedInvoice, received: int, *, estimated: bool) -> int:
    """What of the outstanding the patient is asked for, in minor units: not what insurers are still to pay.

    Once one has decided, theirs is what they decided, and what they are estimated to take of the rest; until then their
    estimated share, where `estimated` says so. `received` is what their payments settle.
    """
    shares = on.shares
    decided = shares.paid + shares.undecided if on.sums else 0
    theirs = decided + (on.estimated if estimated or on.sums else 0)
    return max(0, on.invoice.outstanding - max(0, theirs - received))


def parts_of_installments(standing: InstallmentBalances, asked: int) -> dict[UUID, int]:
    """What of each installment's remaining is the patient's: the patient's part fills the oldest unpaid first."""
    parts = fill_in_order(asked, [one.remaining for one in standing.installments])
    return {one.installment.id: part for one, part in zip(standing.installments, parts, strict=True)}


def part_of_installment(standing: InstallmentBalances, installment_id: UUID, asked: int) -> int:
    """What of one installment's remaining is the patient's; nothing of one that the plan has not."""
    return parts_of_installments(standing, asked).get(installment_id, 0)
