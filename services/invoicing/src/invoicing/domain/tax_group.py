"""One tax group of an invoice and its debit notes together, and what was credited of it so far (`MON-5`, `MON-11`)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from invoicing.domain.line import Tax, joined
from invoicing.domain.rounding import Rounding


@dataclass(slots=True)
class GroupLeft:
    """What invoice and debit notes have in a group, and what was credited of it; nothing is credited beyond it.

    Where more was returned than sold, a group is below zero, and so is what is left of it (`INV-14`).
    """

    kind: Tax
    rounding: Rounding
    base: int = 0
    amount: int = 0
    credited_net: int = 0
    credited_tax: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def said(self) -> Tax:
        """Its tax with all reasons why its lines are exempt (`MON-10`)."""
        return replace(self.kind, exemption_reason=joined(dict.fromkeys(self.reasons)))

    @property
    def net(self) -> int:
        """What is left of the base."""
        return within(self.base - self.credited_net, self.base)

    @property
    def tax(self) -> int:
        """What is left of the tax."""
        return within(self.amount - self.credited_tax, self.amount)

    @property
    def gross(self) -> int:
        """What is left with tax."""
        return self.net + self.tax

    @property
    def open(self) -> bool:
        """Whether anything of it is left."""
        return bool(self.net or self.tax)

    def add(self, net: int, tax: int) -> None:
        """Have so much more in the group: by a debit note, or, below zero, by its undoing."""
        self.base += net
        self.amount += tax

    def has(self, net: int, tax: int) -> bool:
        """Whether so much of it is left."""
        return within(net, self.net) == net and within(tax, self.tax) == tax

    def credit_net(self, net: int) -> tuple[int, int]:
        """Credit so much without tax: tax = round(rate x credited base so far) - tax credited so far (`MON-5`)."""
        return self._taken(net, self.tax_of(net))

    def tax_of(self, net: int) -> int:
        """The tax that would be credited with so much now."""
        if net == self.net:
            return self.tax
        due = self.rounding.tax_on(self.credited_net + net, self.kind.rate) - self.credited_tax
        return within(due, self.tax)

    def credit_gross(self, gross: int) -> tuple[int, int]:
        """Credit so much with tax, to the cent; its tax is that of `credit_net` wherever such a base exists."""
        if gross == self.gross:
            return self._taken(self.net, self.tax)
        low = max(min(0, self.tax), gross - max(0, self.net))
        high = min(max(0, self.tax), gross - min(0, self.net))
        guess = min(max(self._part_of_tax(self._credited + gross) - self.credited_tax, low), high)
        fitting = (tax for tax in (guess, guess - 1, guess + 1) if low <= tax <= high and self._fits(gross, tax))
        tax = next(fitting, guess)
        return self._taken(gross - tax, tax)

    def debit_net(self, net: int) -> tuple[int, int]:
        """Take back so much of what was credited, without tax; the tax is what then is credited too much (`MON-5`)."""
        left = self.credited_net - net
        tax = self.credited_tax - (self.rounding.tax_on(left, self.kind.rate) if left else 0)
        return self._given(net, within(tax, self.credited_tax))

    def debit_gross(self, gross: int) -> tuple[int, int]:
        """Take back so much of what was credited, with tax, to the cent."""
        left = self._credited - gross
        due = self._part_of_tax(left) if left else 0
        low = max(min(0, self.credited_tax), gross - max(0, self.credited_net))
        high = min(max(0, self.credited_tax), gross - min(0, self.credited_net))
        tax = min(max(self.credited_tax - due, low), high)
        return self._given(gross - tax, tax)

    @property
    def _credited(self) -> int:
        return self.credited_net + self.credited_tax

    def _part_of_tax(self, credited: int) -> int:
        """The tax within so much of the whole group."""
        whole = self.base + self.amount
        return self.rounding.to_unit(Fraction(credited * self.amount, whole)) if whole else 0

    def _fits(self, gross: int, tax: int) -> bool:
        return self.rounding.tax_on(self.credited_net + gross - tax, self.kind.rate) - self.credited_tax == tax

    def _given(self, net: int, tax: int) -> tuple[int, int]:
        self.credited_net -= net
        self.credited_tax -= tax
        return net, tax

    def _taken(self, net: int, tax: int) -> tuple[int, int]:
        self.credited_net += net
        self.credited_tax += tax
        return net, tax


def within(amount: int, most: int) -> int:
    """As much of an amount as lies between nothing and `most`, which may be below zero."""
    return min(max(amount, min(0, most)), max(0, most))
