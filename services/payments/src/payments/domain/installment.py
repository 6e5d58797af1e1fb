"""The installments of live plans: what a payment may name, and by which day an invoice asks for how much (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from chassis.money import left_in_order

from payments.domain.allocation import Wish
from payments.domain.errors import InstallmentUnknown
from payments.domain.invoice_balance import InvoiceBalance


@dataclass(frozen=True, slots=True)
class Installment:
    """An installment of a live plan; `named_minor` is what payments that named it have settled of it."""

    installment_id: UUID
    position: int
    due_date: date
    amount_minor: int
    named_minor: int = 0


@dataclass(frozen=True, slots=True)
class Asking:
    """What an invoice asks for by a day: the whole of it, or that of one installment."""

    invoice: InvoiceBalance
    due_date: date
    minor: int
    installment_id: UUID | None = None
    position: int | None = None
    """The installment's place in its plan."""


Plans = Mapping[UUID, Sequence[Installment]]
"""The installments of invoices that have a live plan, by invoice, in the order of their positions."""


def require_installments(wishes: Sequence[Wish], plans: Plans) -> None:
    """Each installment that is named is one of a live plan of its invoice. Raises InstallmentUnknown (`PLN-2`)."""
    for place, wish in enumerate(wishes):
        require_installment(wish.invoice_id, wish.installment_id, plans, f"allocations[{place}].installment_id")


def require_installment(invoice_id: UUID, installment_id: UUID | None, plans: Plans, field: str) -> None:
    """An installment, where one is named, is one of a live plan of its invoice. Raises InstallmentUnknown (`PLN-2`)."""
    known = {installment.installment_id for installment in plans.get(invoice_id, ())}
    if installment_id is not None and installment_id not in known:
        raise InstallmentUnknown(installment_id, field)


def by_due_date(invoices: Collection[InvoiceBalance], plans: Plans) -> list[Asking]:
    """Everything that these invoices ask for, what is due first, first: so what is overdue comes before all (`PAY-3`).

    An invoice with a live plan asks by its installments; they sum to what is outstanding.
    """
    asking = [part for invoice in invoices for part in _parts(invoice, plans.get(invoice.invoice_id, ()))]
    return sorted(asking, key=lambda part: (part.due_date, part.invoice.number, part.invoice.invoice_id))


def asked_of_patient(asking: Iterable[Asking], insurers: Mapping[UUID, int]) -> list[Asking]:
    """Of everything that invoices ask for, in its order, what the patient is asked for (`INS-4`).

    `insurers` is what of an invoice is left to insurers, once any has decided: it is what is due last.
    """
    left: dict[UUID, int] = {}
    asked = []
    for part in asking:
        invoice = part.invoice
        theirs = insurers.get(invoice.invoice_id, 0)
        patients = left.get(invoice.invoice_id, max(0, invoice.outstanding_minor - theirs))
        minor = min(part.minor, patients)
        left[invoice.invoice_id] = patients - minor
        if minor:
            asked.append(replace(part, minor=minor))
    return asked


def due_next(invoice: InvoiceBalance, plans: Plans) -> date:
    """The day after which an invoice is overdue: by its live plan, else by its due date (`INV-15`)."""
    parts = _parts(invoice, plans.get(invoice.invoice_id, ()))
    return min((part.due_date for part in parts), default=invoice.due_date)


def _parts(invoice: InvoiceBalance, installments: Sequence[Installment]) -> Iterable[Asking]:
    """What was settled without a name fills the oldest first; what no installment foresaw is asked with the last."""
    unnamed = [max(0, installment.amount_minor - max(0, installment.named_minor)) for installment in installments]
    if not unnamed:
        return [Asking(invoice, invoice.due_date, invoice.outstanding_minor)]
    left = left_in_order(unnamed, invoice.outstanding_minor)
    left[-1] += max(0, invoice.outstanding_minor - sum(unnamed))
    return [
        Asking(invoice, installment.due_date, minor, installment.installment_id, installment.position)
        for installment, minor in zip(installments, left, strict=True)
        if minor
    ]


@dataclass(frozen=True, slots=True)
class AnnouncedPlan:
    """A plan as an event brings it: the whole of it, at its version."""

    clinic_id: UUID
    plan_id: UUID
    invoice_id: UUID
    version: int
    live: bool
    installments: tuple[Installment, ...]
