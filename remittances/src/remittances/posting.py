"""What a transfer moves, invoice by invoice, as payments records it (`INS-5`, `INS-9`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from remittances.contents import Known
from remittances.remittance import ProviderAdjustment, Remittance

LeftTo = tuple[str, Decimal]
"""The reference of a transfer, and what it takes back by itself once it is booked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one claim pays, and who the insurer is to the invoice."""

    invoice_id: UUID
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Writing:
    """How amounts are written on the wire."""

    currency: str
    places: int

    def of(self, amount: Decimal) -> dict[str, str]:
        """An amount on the wire. One that has more decimals stays as it is, to be refused."""
        exact = amount.quantize(Decimal(1).scaleb(-self.places))
        return {"amount": format(exact if exact == amount else amount, "f"), "currency": self.currency}


@dataclass(slots=True)
class Posting:
    """A transfer on its way to payments."""

    remittance_id: UUID
    remittance: Remittance
    entries: dict[UUID, Entry] = field(default_factory=dict)
    """By decision."""
    recovered: dict[int, tuple[UUID, Decimal]] = field(default_factory=dict)
    """Of provider adjustments, by place, that take back what was paid on an invoice: which, and how much of it."""
    recovered_here: dict[int, tuple[UUID, Decimal]] = field(default_factory=dict)
    """The same of what this transfer itself pays on the invoice: taken back once that is booked."""
    named: set[UUID] = field(default_factory=set)
    """The invoices of which provider adjustments recover something, whatever of it is there."""
    before: dict[int, tuple[UUID, Decimal]] = field(default_factory=dict)
    """Of adjustments that put a recovery off, by place: the invoice, and how much of it was recovered before."""

    left_to: list[LeftTo] = field(default_factory=list)
    """What of recovered invoices reversals take back that are announced and not booked."""

    def know(self, known: Mapping[UUID, Known]) -> None:
        """Take the insurer from what invoicing applied: a person may have said there who it is."""
        for id_, entry in self.entries.items():
            if (one := known.get(id_)) is not None and one.state == "applied":
                self.entries[id_] = replace(entry, payer_id=one.payer_id, payer_name=one.payer_name)

    def of(self, payer_id: UUID, *, recoveries: bool) -> Posting:
        """What of it is of one of those whom the invoices know the insurer as; `recoveries` of PLB are one's only."""
        entries = {id_: entry for id_, entry in self.entries.items() if entry.payer_id == payer_id}
        own = replace(self, entries=entries, recovered=self.recovered if recoveries else {})
        own.before = {place: (id_, amount) for place, (id_, amount) in self.before.items() if own.taken_of(id_)}
        return own

    @property
    def payers(self) -> dict[UUID, str]:
        """Who the invoices know the insurer as; of a transfer that pays no claim, nobody."""
        return {entry.payer_id: entry.payer_name for entry in self.entries.values()}

    @property
    def by_invoice(self) -> dict[tuple[UUID, UUID], Decimal]:
        """By patient and invoice, what all claims of it come to: a correction less what its reversal takes back."""
        sums: dict[tuple[UUID, UUID], Decimal] = {}
        for entry in self.entries.values():
            key = (entry.patient_id, entry.invoice_id)
            sums[key] = sums.get(key, Decimal(0)) + entry.amount
        return sums

    def moved_of(self, invoice_id: UUID) -> Decimal:
        """What its claims pay of an invoice, below zero what they take back."""
        return sum((entry.amount for entry in self.entries.values() if entry.invoice_id == invoice_id), Decimal(0))

    def taken_of(self, invoice_id: UUID) -> Decimal:
        """What its claims take back of an invoice."""
        return max(Decimal(0), -self.moved_of(invoice_id))

    @property
    def by_patient(self) -> dict[UUID, dict[UUID, Decimal]]:
        """What is paid, by patient and invoice."""
        found: dict[UUID, dict[UUID, Decimal]] = {}
        for (patient_id, invoice_id), amount in self.by_invoice.items():
            if amount > 0:
                found.setdefault(patient_id, {})[invoice_id] = amount
        return found

    @property
    def taken_back(self) -> list[tuple[UUID, Decimal, str | None]]:
        """What claims and provider adjustments take back: of which invoice, how much, and the adjustment's name."""
        recovered: defaultdict[UUID, Decimal] = defaultdict(Decimal)
        for invoice_id, amount in self.before.values():
            recovered[invoice_id] += amount
        by_claims: list[tuple[UUID, Decimal, str | None]] = [
            (invoice_id, -amount - recovered[invoice_id], None)
            for (_, invoice_id), amount in self.by_invoice.items()
            if amount < 0
        ]
        plb = self.remittance.provider_adjustments
        by_plb: list[tuple[UUID, Decimal, str | None]] = [
            (id_, amount, plb[place].name) for place, (id_, amount) in self.recovered.items()
        ]
        return [claim for claim in by_claims if claim[1]] + by_plb

    @property
    def taken_back_here(self) -> list[tuple[UUID, Decimal, str | None]]:
        """What provider adjustments take back of what this transfer itself pays."""
        plb = self.remittance.provider_adjustments
        return [(id_, amount, plb[place].name) for place, (id_, amount) in self.recovered_here.items()]

    @property
    def adjusted(self) -> list[ProviderAdjustment]:
        """What is withheld from the transfer as a whole, or added to it: not what is recovered, now or before."""
        found = []
        for place, one in enumerate(self.remittance.provider_adjustments):
            _, before = self.before.get(place, (None, Decimal(0)))
            _, now = self.recovered.get(place, (None, Decimal(0)))
            _, here = self.recovered_here.get(place, (None, Decimal(0)))
            if left := one.amount + before - now - here:
                found.append(replace(one, amount=left))
        return found

    @property
    def moves_nothing(self) -> bool:
        """Whether it only tells of decisions."""
        return not (self.by_patient or self.taken_back or self.adjusted or self.remittance.amount)

    @property
    def currency(self) -> str:
        """Its own, else its claims'; an 835 that names none (CUR) is in US dollars."""
        return self.remittance.currency or next((entry.currency for entry in self.entries.values()), "USD")

    @property
    def writing(self) -> Writing:
        """How its amounts are written: with the decimals of the currency, as far as claims or the file show them."""
        shown = [entry.amount for entry in self.entries.values()] or [self.remittance.amount, Decimal("0.00")]
        return Writing(self.currency, max(-int(one.as_tuple().exponent) for one in shown))
