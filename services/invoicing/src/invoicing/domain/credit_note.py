"""What is left to credit of an invoice and its debit notes, and how a credit is divided: to the cent (`MON-5`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from chassis.money import Money, split_by_largest_remainder
from chassis.sentence import Sentence

from invoicing.domain.errors import CreditExceedsInvoice, Invalid
from invoicing.domain.line import Line, Tax
from invoicing.domain.note import UNDOING, Note, NoteAmounts, NoteLine
from invoicing.domain.note_errors import DebitNoteCredited
from invoicing.domain.tax_group import GroupLeft, within
from invoicing.domain.totals import Pricing, Totals

GroupKey = tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class LineCredit:
    """So much of one line or of one debit note, as priced (net or gross); without an amount, all that is left of it."""

    line_id: UUID
    amount: int | None = None


@dataclass(slots=True)
class PartLeft:
    """A line or a debit note, each of which can be credited by itself: so much as priced, less what was credited."""

    description: str
    tax: Tax
    priced: int
    credited: int = 0
    is_debit_note: bool = False

    @property
    def left(self) -> int:
        """What is left to credit of it, as priced; below zero where goods were returned."""
        return within(self.priced - self.credited, self.priced)


class Creditable:
    """What is left to credit of an issued invoice with its debit notes, given all the notes that stand on it."""

    def __init__(self, lines: Sequence[Line], totals: Totals, pricing: Pricing, notes: Iterable[Note]) -> None:
        self._pricing = pricing
        self._cash_left = totals.cash_rounding
        self._groups: dict[GroupKey, GroupLeft] = {}
        for group in totals.groups:
            self._group(group.tax).add(group.base, group.amount)
            self._group(group.tax).reasons += group.reasons
        self._parts = {
            line.id: PartLeft(line.description, line.tax, own.priced)
            for line, own in zip(lines, totals.lines, strict=True)
        }
        for note in notes:
            self._count(note)
        above = {_key(part.tax) for part in self._parts.values() if part.priced > 0}
        self._mixed = above & {_key(part.tax) for part in self._parts.values() if part.priced < 0}
        """Groups of things sold and of things returned."""

    @property
    def left(self) -> int:
        """What is left to credit in all, cash rounding included."""
        return self._groups_left + self._cash_left

    def credit_total(self, total: int, description: str) -> NoteAmounts:
        """Credit a total with tax, over the tax groups in proportion to what is left of them.

        Raises CreditExceedsInvoice, Invalid.
        """
        if total <= 0:
            raise Invalid("amount", "a credit is more than zero")
        left = self.left
        if total > left:
            raise CreditExceedsInvoice("amount", self._money(total), self._money(left))
        if total == left:
            return self._everything(description)
        gross_left = [group.gross for group in self._groups.values()]
        of_groups = min(total, sum(gross_left))
        parts = split_by_largest_remainder(of_groups, gross_left)
        lines = tuple(
            _line(group.said, description, group.credit_gross(part))
            for group, part in zip(self._groups.values(), parts, strict=True)
            if part
        )
        return self._with_cash_of(lines, total - of_groups)

    def left_by_part(self) -> dict[UUID, int]:
        """What is left of each line and debit note, tax included; nothing of returned goods."""
        return {part_id: max(0, self._gross_left_of(part_id)) for part_id in self._parts}

    @property
    def left_of_debit_notes(self) -> int:
        """What is left of the debit notes together, tax included."""
        left = self.left_by_part()
        return sum(left[part_id] for part_id, part in self._parts.items() if part.is_debit_note)

    def credit_of_lines(
        self, total: int, wanted: Sequence[tuple[UUID, int | None]], of_lines: int, description: str
    ) -> NoteAmounts:
        """Credit a total with tax: `of_lines` of it of these lines, the rest of whatever is left.

        Raises CreditExceedsInvoice.
        """
        if total >= self.left and self._cash_left:
            return self.credit_total(total, description)
        lines, left = self._credit_named(wanted, min(total, of_lines))
        rest = total - min(total, of_lines) + left
        if rest == 0 and lines:
            return self._with_cash_of(tuple(lines), 0)
        others = self.credit_total(rest, description)
        return NoteAmounts((*lines, *others.lines), others.cash_rounding)

    def credited_of(self, wanted: Sequence[tuple[UUID, int | None]], most: int) -> tuple[dict[UUID, int], int]:
        """What these lines have left to credit of an amount, by line and in all; what is credited of them is then gone.

        The cash rounding goes with the last of the lines (`MON-12`).
        """
        lines, left = self._credit_named(wanted, most)
        by_line: dict[UUID, int] = dict.fromkeys((part_id for part_id, _ in wanted), 0)
        for line in lines:
            part_id = line.invoice_line_id or line.debit_note_id
            if part_id is not None:
                by_line[part_id] += line.net + line.tax_amount
        whole = not any(group.open for group in self._groups.values())
        return by_line, most - left + (min(left, max(0, self._cash_left)) if whole else 0)

    def _credit_named(self, wanted: Sequence[tuple[UUID, int | None]], most: int) -> tuple[list[NoteLine], int]:
        """Credit lines in turn, each as far as there is something left of it; also what of the amount is left over."""
        lines: list[NoteLine] = []
        for part_id, gross in wanted:
            line = self._credit_gross_of(part_id, most if gross is None else min(most, gross))
            if line is not None:
                lines.append(line)
                most -= line.net + line.tax_amount
        return lines, most

    def _gross_left_of(self, part_id: UUID) -> int:
        """What is left of a line or debit note, tax included."""
        left = self._left_of(part_id)
        if self._pricing.prices_include_tax or not left:
            return left
        return left + self._group(self._parts[part_id].tax).tax_of(left)

    def _credit_gross_of(self, part_id: UUID, gross: int) -> NoteLine | None:
        """Credit one line or debit note so much with tax, as far as there is something left of it."""
        part = self._parts.get(part_id)
        if part is None or (whole := self._gross_left_of(part_id)) <= 0:
            return None
        taken = min(gross, whole)
        if taken <= 0:
            return None
        group = self._group(part.tax)
        if taken == whole and not self._pricing.prices_include_tax:
            net, tax = group.credit_net(self._left_of(part_id))
        else:
            net, tax = group.credit_gross(taken)
        part.credited += taken if self._pricing.prices_include_tax else net
        if part.is_debit_note:
            return NoteLine(part.description, net, tax, part.tax, debit_note_id=part_id)
        return NoteLine(part.description, net, tax, part.tax, part_id)

    def credit_everything(self, description: str) -> NoteAmounts:
        """Credit all that is left, of debit notes too (`MON-11`). Raises CreditExceedsInvoice where nothing is."""
        if self.left < 0 or not (self._cash_left or any(group.open for group in self._groups.values())):
            raise CreditExceedsInvoice(None, self._money(0), self._money(0))
        return self._everything(description)

    def credit_lines(self, credits_: Sequence[LineCredit]) -> NoteAmounts:
        """Credit single lines or debit notes, as priced. Raises CreditExceedsInvoice, Invalid naming the line.

        Where a group has things sold and things returned, what is credited of it is so together (`INV-14`).
        """
        left, most = self.left, self._groups_left
        lines: dict[int, NoteLine] = {}
        together: dict[GroupKey, list[tuple[int, LineCredit]]] = {}
        for index, credit in enumerate(credits_):
            key = _key(self._part(index, credit).tax)
            if key in self._mixed:
                together.setdefault(key, []).append((index, credit))
            else:
                lines[index] = self._credit_line(index, credit)
        for members in together.values():
            lines |= self._credit_together(members)
        amounts = self._with_cash(tuple(lines[index] for index in sorted(lines)), left)
        total = amounts.net + amounts.tax
        if total > most:
            raise CreditExceedsInvoice("lines", self._money(total), self._money(most))
        if amounts.total < 0:
            raise Invalid(
                "lines",
                Sentence(
                    "come to {total}: a credit note asks for less, not for more", total=self._money(amounts.total)
                ),
            )
        return amounts

    def credit_lines_up_to(self, credits_: Sequence[LineCredit]) -> tuple[NoteAmounts | None, bool]:
        """Credit single lines as far as there is something left of them; also whether less was left than asked."""
        able = [
            LineCredit(credit.line_id, min(credit.amount or 0, self._left_of(credit.line_id)))
            for credit in credits_
            if self._left_of(credit.line_id) > 0 and self._groups_left > 0
        ]
        wanted = sum(credit.amount or 0 for credit in credits_)
        before = {credit.line_id: self._parts[credit.line_id].credited for credit in able}
        if not able:
            return None, wanted > 0
        amounts = self._credit_in_turn(able)
        if amounts.total <= 0:  # all that is left of an invoice that was rounded down
            return None, True
        credited = sum(self._parts[line_id].credited - so_far for line_id, so_far in before.items())
        return amounts, credited < wanted

    def debit_lines(self, debits: Sequence[LineCredit], cash_rounding: int) -> NoteAmounts | None:
        """Take back what was credited of single lines, and the cash rounding that had gone with it (`MON-6`)."""
        lines = tuple(self._debit_line(debit.line_id, debit.amount or 0) for debit in debits)
        if not lines:
            return None
        amounts = NoteAmounts(lines, cash_rounding)
        if amounts.total <= 0:
            amounts = NoteAmounts(lines)
        self._cash_left += amounts.cash_rounding
        return amounts

    def require_left_of(self, note: Note) -> None:
        """See that all that a debit note added is still there to be undone. Raises DebitNoteCredited (`MON-11`)."""
        part = self._parts.get(note.id)
        has_part = part is None or part.left == part.priced
        lines = note.amounts.lines
        if not has_part or not all(self._group(line.tax).has(line.net, line.tax_amount) for line in lines):
            left = sum(self._part_of(line) for line in lines) if part is None else self._left_of(note.id)
            raise DebitNoteCredited(note.number, self._money(left))

    def _part_of(self, line: NoteLine) -> int:
        return within(line.net + line.tax_amount, self._group(line.tax).gross)

    @property
    def _groups_left(self) -> int:
        return sum(group.gross for group in self._groups.values())

    def _credit_in_turn(self, credits_: Sequence[LineCredit]) -> NoteAmounts:
        """Credit lines one after the other; each takes what the ones before have left of their tax group."""
        left = self.left
        lines = []
        for index, one in enumerate(credits_):
            amount = min(one.amount or 0, self._left_of(one.line_id), self._groups_left)
            if amount > 0:
                lines.append(self._credit_line(index, LineCredit(one.line_id, amount)))
        return self._with_cash(tuple(lines), left)

    def _with_cash(self, lines: tuple[NoteLine, ...], left: int) -> NoteAmounts:
        if not any(group.open for group in self._groups.values()):
            return self._with_cash_of(lines, self._cash_left)
        # An invoice rounded down asks for less than its lines: a line's credit stops at what is asked for.
        return self._with_cash_of(lines, min(0, left - NoteAmounts(lines).total))

    def _with_cash_of(self, lines: tuple[NoteLine, ...], cash_rounding: int) -> NoteAmounts:
        self._cash_left -= cash_rounding
        return NoteAmounts(lines, cash_rounding)

    def _left_of(self, part_id: UUID) -> int:
        """What is left to credit of a line or a debit note, as priced."""
        part = self._parts[part_id]
        return within(part.left, self._left_of_group(part.tax))

    def _left_of_group(self, tax: Tax) -> int:
        group = self._group(tax)
        return group.gross if self._pricing.prices_include_tax else group.net

    def _debit_line(self, line_id: UUID, amount: int) -> NoteLine:
        part = self._parts[line_id]
        group = self._group(part.tax)
        given = group.debit_gross(amount) if self._pricing.prices_include_tax else group.debit_net(amount)
        part.credited -= amount
        return NoteLine(part.description, given[0], given[1], part.tax, line_id)

    def _everything(self, description: str) -> NoteAmounts:
        lines = [
            _line(group.said, description, group.credit_gross(group.gross))
            for group in self._groups.values()
            if group.open
        ]
        return self._with_cash_of(tuple(lines), self._cash_left)

    def _part(self, index: int, credit: LineCredit) -> PartLeft:
        part = self._parts.get(credit.line_id)
        if part is None:
            raise Invalid(
                f"lines[{index}].line_id", Sentence("the invoice has no line and no debit note {id}", id=credit.line_id)
            )
        return part

    def _asked(self, index: int, credit: LineCredit, left: int) -> int:
        """How much of a line is to be credited, given what is left of it; from then on it is."""
        part = self._part(index, credit)
        asked = left if credit.amount is None else credit.amount
        field = f"lines[{index}].{'line_id' if credit.amount is None else 'amount'}"
        if credit.amount is not None and (credit.amount > 0) != (part.priced >= 0):
            below = "a credit is below zero, as the returned goods are"
            raise Invalid(field, below if part.priced < 0 else "a credit is more than zero")
        if not asked or within(asked, left) != asked:
            raise CreditExceedsInvoice(field, self._money(asked), self._money(left))
        part.credited += asked
        return asked

    def _credit_line(self, index: int, credit: LineCredit) -> NoteLine:
        asked, part = self._asked(index, credit, self._left_of(credit.line_id)), self._part(index, credit)
        return self._part_line(credit.line_id, self._credit_group(part.tax, asked))

    def _credit_together(self, members: Sequence[tuple[int, LineCredit]]) -> dict[int, NoteLine]:
        asked = [self._asked(index, one, self._part(index, one).left) for index, one in members]
        last, first = members[-1], self._part(*members[0])
        room, whole = self._left_of_group(first.tax), sum(asked)
        if within(whole, room) != whole:
            left = room - (whole - asked[-1])
            raise CreditExceedsInvoice(f"lines[{last[0]}].amount", self._money(asked[-1]), self._money(left))
        _, tax = self._credit_group(first.tax, whole)
        taxes = split_by_largest_remainder(tax, asked) if whole else [0] * len(asked)
        net = [one - part if self._pricing.prices_include_tax else one for one, part in zip(asked, taxes, strict=True)]
        return {
            index: self._part_line(one.line_id, taken)
            for (index, one), taken in zip(members, zip(net, taxes, strict=True), strict=True)
        }

    def _credit_group(self, tax: Tax, asked: int) -> tuple[int, int]:
        group = self._group(tax)
        return group.credit_gross(asked) if self._pricing.prices_include_tax else group.credit_net(asked)

    def _part_line(self, part_id: UUID, taken: tuple[int, int]) -> NoteLine:
        part = self._parts[part_id]
        if part.is_debit_note:
            return NoteLine(part.description, *taken, part.tax, debit_note_id=part_id)
        return NoteLine(part.description, *taken, part.tax, part_id)

    def _count(self, note: Note) -> None:
        """A debit note adds to its groups and its undoing takes back; a credit counts against them, and so on."""
        sign = 1 if note.side == "debit" else -1
        self._cash_left += sign * note.amounts.cash_rounding
        adds = note.side == "debit" and note.kind not in UNDOING
        if not adds and note.kind != "undo_debit_note":
            for line in note.amounts.lines:
                self._credited(line, -sign)
            return
        for line in note.amounts.lines:
            self._group(line.tax).add(sign * line.net, sign * line.tax_amount)
            if adds:
                self._group(line.tax).reasons += [line.tax.exemption_reason] if line.tax.exemption_reason else []
                self._parts[note.id] = PartLeft(line.description, line.tax, self._as_priced(line), is_debit_note=True)
        if note.undoes_id is not None:
            self._parts.pop(note.undoes_id, None)

    def _credited(self, line: NoteLine, sign: int) -> None:
        group = self._group(line.tax)
        group.credited_net += sign * line.net
        group.credited_tax += sign * line.tax_amount
        part_id = line.invoice_line_id or line.debit_note_id
        if part_id is not None and part_id in self._parts:
            self._parts[part_id].credited += sign * self._as_priced(line)

    def _as_priced(self, line: NoteLine) -> int:
        return line.net + (line.tax_amount if self._pricing.prices_include_tax else 0)

    def _group(self, tax: Tax) -> GroupLeft:
        """The group of a tax; a debit note may add one that the invoice does not have."""
        return self._groups.setdefault(_key(tax), GroupLeft(tax, self._pricing.rounding))

    def _money(self, minor: int) -> Money:
        return Money(minor, self._pricing.currency)


def _key(tax: Tax) -> GroupKey:
    return tax.category, tax.rate


def _line(tax: Tax, description: str, taken: tuple[int, int]) -> NoteLine:
    return NoteLine(description, taken[0], taken[1], tax)
