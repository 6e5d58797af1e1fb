"""What is left to credit of an invoice, and how a credit is divided: any series adds up to the cent (`MON-5`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from chassis.money import Money, split_by_largest_remainder

from invoicing.domain.errors import CreditExceedsInvoice, Invalid
from invoicing.domain.line import Line
from invoicing.domain.note import UNDOING, Note, NoteAmounts, NoteLine
from invoicing.domain.rounding import Rounding
from invoicing.domain.totals import Pricing, TaxGroup, Totals


@dataclass(frozen=True, slots=True)
class LineCredit:
    """So much of one line, as priced (net or gross); without an amount, all that is left of it."""

    line_id: UUID
    amount: int | None = None


@dataclass(slots=True)
class GroupLeft:
    """One tax group of an invoice and what was credited of it so far."""

    group: TaxGroup
    rounding: Rounding
    credited_net: int = 0
    credited_tax: int = 0

    @property
    def net(self) -> int:
        """What is left of the base."""
        return max(0, self.group.base - self.credited_net)

    @property
    def tax(self) -> int:
        """What is left of the tax."""
        return max(0, self.group.amount - self.credited_tax)

    @property
    def gross(self) -> int:
        """What is left with tax."""
        return self.net + self.tax

    def credit_net(self, net: int) -> tuple[int, int]:
        """Credit so much without tax: tax = round(rate x credited base so far) - tax credited so far (`MON-5`)."""
        tax = self.tax if net == self.net else self._tax_by_rate(net, low=0, high=self.tax)
        return self._taken(net, tax)

    def credit_gross(self, gross: int) -> tuple[int, int]:
        """Credit so much with tax, to the cent; its tax is that of `credit_net` wherever such a base exists."""
        if gross == self.gross:
            return self._taken(self.net, self.tax)
        low, high = max(0, gross - self.net), min(gross, self.tax)
        whole = self.group.gross
        so_far = Fraction((self.credited_net + self.credited_tax + gross) * self.group.amount, whole)
        guess = min(max(self.rounding.to_unit(so_far) - self.credited_tax, low), high)
        fitting = (tax for tax in (guess, guess - 1, guess + 1) if low <= tax <= high and self._fits(gross, tax))
        tax = next(fitting, guess)
        return self._taken(gross - tax, tax)

    def debit_net(self, net: int) -> tuple[int, int]:
        """Take back so much of what was credited, without tax; the tax is what then is credited too much (`MON-5`)."""
        left = self.credited_net - net
        tax = self.credited_tax - (self.rounding.tax_on(left, self.group.tax.rate) if left > 0 else 0)
        return self._given(net, min(max(tax, 0), self.credited_tax))

    def debit_gross(self, gross: int) -> tuple[int, int]:
        """Take back so much of what was credited, with tax, to the cent."""
        left = self.credited_net + self.credited_tax - gross
        due = self.rounding.to_unit(Fraction(left * self.group.amount, self.group.gross)) if left > 0 else 0
        low, high = max(0, gross - self.credited_net), min(gross, self.credited_tax)
        tax = min(max(self.credited_tax - due, low), high)
        return self._given(gross - tax, tax)

    def _given(self, net: int, tax: int) -> tuple[int, int]:
        self.credited_net -= net
        self.credited_tax -= tax
        return net, tax

    def _fits(self, gross: int, tax: int) -> bool:
        return self.rounding.tax_on(self.credited_net + gross - tax, self.group.tax.rate) - self.credited_tax == tax

    def _tax_by_rate(self, net: int, low: int, high: int) -> int:
        tax = self.rounding.tax_on(self.credited_net + net, self.group.tax.rate) - self.credited_tax
        return min(max(tax, low), high)

    def _taken(self, net: int, tax: int) -> tuple[int, int]:
        self.credited_net += net
        self.credited_tax += tax
        return net, tax


class Creditable:
    """What is left to credit of an issued invoice, given the notes that stand on it."""

    def __init__(self, lines: Sequence[Line], totals: Totals, pricing: Pricing, notes: Iterable[Note]) -> None:
        self._lines = {line.id: (line, amounts) for line, amounts in zip(lines, totals.lines, strict=True)}
        self._groups = {
            _key(group.tax.category, group.tax.rate): GroupLeft(group, pricing.rounding) for group in totals.groups
        }
        self._pricing = pricing
        self._cash_left = totals.cash_rounding
        self._line_credited: dict[UUID, int] = {}
        for note in notes:
            self._count(note)

    @property
    def left(self) -> int:
        """What is left to credit in all, cash rounding included."""
        return sum(group.gross for group in self._groups.values()) + self._cash_left

    def credit_total(self, total: int, description: str, *, beyond: bool = False) -> NoteAmounts:
        """Credit a total with tax, over the tax groups in proportion to what is left of them.

        `beyond` is for refund adjustments: the money is already back with the patient, so what exceeds the invoice's
        own amounts (it was paid a late fee, or was credited meanwhile) is credited on its first tax group all the same.
        Raises CreditExceedsInvoice.
        """
        if total <= 0:
            raise Invalid("amount", "a credit is more than zero")
        left = self.left
        if total > left and not beyond:
            raise CreditExceedsInvoice("amount", self._money(total), self._money(left))
        if total >= left:
            return self._everything_and(total - left, description)
        gross_left = [group.gross for group in self._groups.values()]
        of_groups = min(total, sum(gross_left))
        parts = split_by_largest_remainder(of_groups, gross_left)
        lines = tuple(
            _line(group.group, description, group.credit_gross(part))
            for group, part in zip(self._groups.values(), parts, strict=True)
            if part
        )
        return NoteAmounts(lines, total - of_groups)

    def credit_everything(self, description: str) -> NoteAmounts:
        """Credit all that is left. Raises CreditExceedsInvoice where nothing is."""
        if self.left <= 0:
            raise CreditExceedsInvoice(None, self._money(0), self._money(0))
        return self._everything_and(0, description)

    def credit_lines(self, credits_: Sequence[LineCredit]) -> NoteAmounts:
        """Credit single lines, as priced. Raises CreditExceedsInvoice, Invalid naming the line."""
        left = self.left
        lines = tuple(self._credit_line(index, credit) for index, credit in enumerate(credits_))
        return self._with_cash(lines, left)

    def credit_lines_up_to(self, credits_: Sequence[LineCredit]) -> tuple[NoteAmounts | None, bool]:
        """Credit single lines as far as there is something left of them; also whether less was left than asked."""
        able = [
            LineCredit(one.line_id, min(one.amount or 0, self._left_of(one.line_id)))
            for one in credits_
            if self._left_of(one.line_id) > 0
        ]
        wanted = sum(one.amount or 0 for one in credits_)
        before = self._line_credited.copy()
        if not able:
            return None, wanted > 0
        amounts = self._credit_in_turn(able)
        if amounts.total <= 0:  # all that is left of an invoice that was rounded down
            return None, True
        credited = sum(self._line_credited[one.line_id] - before.get(one.line_id, 0) for one in able)
        return amounts, credited < wanted

    def debit_lines(self, debits: Sequence[LineCredit], cash_rounding: int) -> NoteAmounts | None:
        """Take back what was credited of single lines, and the cash rounding that had gone with it (`MON-6`)."""
        lines = tuple(self._debit_line(one.line_id, one.amount or 0) for one in debits)
        if not lines:
            return None
        amounts = NoteAmounts(lines, cash_rounding)
        if amounts.total <= 0:
            amounts = NoteAmounts(lines)
        self._cash_left += amounts.cash_rounding
        return amounts

    def _credit_in_turn(self, credits_: Sequence[LineCredit]) -> NoteAmounts:
        """Credit lines one after the other; each takes what the ones before have left of their tax group."""
        left = self.left
        lines = []
        for index, one in enumerate(credits_):
            amount = min(one.amount or 0, self._left_of(one.line_id))
            if amount > 0:
                lines.append(self._credit_line(index, LineCredit(one.line_id, amount)))
        return self._with_cash(tuple(lines), left)

    def _with_cash(self, lines: tuple[NoteLine, ...], left: int) -> NoteAmounts:
        if all(group.gross == 0 for group in self._groups.values()):
            return NoteAmounts(lines, self._cash_left)
        # An invoice rounded down asks for less than its lines: a line's credit stops at what is asked for.
        return NoteAmounts(lines, min(0, left - NoteAmounts(lines).total))

    def _left_of(self, line_id: UUID) -> int:
        """What is left to credit of a line, as priced."""
        line, amounts = self._lines[line_id]
        group = self._groups[_key(line.tax.category, line.tax.rate)]
        of_group = group.gross if self._pricing.prices_include_tax else group.net
        return min(amounts.priced - self._line_credited.get(line_id, 0), of_group)

    def _debit_line(self, line_id: UUID, amount: int) -> NoteLine:
        line, _ = self._lines[line_id]
        group = self._groups[_key(line.tax.category, line.tax.rate)]
        given = group.debit_gross(amount) if self._pricing.prices_include_tax else group.debit_net(amount)
        self._line_credited[line_id] = self._line_credited.get(line_id, 0) - amount
        return NoteLine(line.description, given[0], given[1], line.tax, line_id)

    def _everything_and(self, excess: int, description: str) -> NoteAmounts:
        lines = [
            _line(left.group, description, left.credit_gross(left.gross))
            for left in self._groups.values()
            if left.gross
        ]
        if excess:
            first = next(iter(self._groups.values())).group
            tax = self._pricing.rounding.tax_within(excess, first.tax.rate)
            lines.append(_line(first, description, (excess - tax, tax)))
        return NoteAmounts(tuple(lines), self._cash_left)

    def _credit_line(self, index: int, credit: LineCredit) -> NoteLine:
        if credit.line_id not in self._lines:
            raise Invalid(f"lines[{index}].line_id", f"the invoice has no line {credit.line_id}")
        line, _ = self._lines[credit.line_id]
        group = self._groups[_key(line.tax.category, line.tax.rate)]
        left = self._left_of(credit.line_id)
        asked = left if credit.amount is None else credit.amount
        field = f"lines[{index}].{'line_id' if credit.amount is None else 'amount'}"
        if credit.amount is not None and credit.amount <= 0:
            raise Invalid(field, "a credit is more than zero")
        if not 0 < asked <= left:
            raise CreditExceedsInvoice(field, self._money(asked), self._money(left))
        self._line_credited[line.id] = self._line_credited.get(line.id, 0) + asked
        taken = group.credit_gross(asked) if self._pricing.prices_include_tax else group.credit_net(asked)
        return NoteLine(line.description, taken[0], taken[1], line.tax, line.id)

    def _count(self, note: Note) -> None:
        # A credit counts against the invoice and its undoing counts back; debits of their own are no part of it.
        if (note.side == "credit") == (note.kind in UNDOING):
            return
        sign = 1 if note.side == "credit" else -1
        self._cash_left -= sign * note.amounts.cash_rounding
        for line in note.amounts.lines:
            group = self._groups[_key(line.tax.category, line.tax.rate)]
            group.credited_net += sign * line.net
            group.credited_tax += sign * line.tax_amount
            if line.invoice_line_id is not None:
                as_priced = line.net + (line.tax_amount if self._pricing.prices_include_tax else 0)
                credited = self._line_credited.get(line.invoice_line_id, 0)
                self._line_credited[line.invoice_line_id] = credited + sign * as_priced

    def _money(self, minor: int) -> Money:
        return Money(minor, self._pricing.currency)


def _key(category: str, rate: Decimal) -> tuple[str, Decimal]:
    return category, rate


def _line(group: TaxGroup, description: str, taken: tuple[int, int]) -> NoteLine:
    return NoteLine(description, taken[0], taken[1], group.tax)
