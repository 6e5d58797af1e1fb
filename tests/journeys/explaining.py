"""Which books explain what came of steps that were taken at once: those of an order in which each was rightly decided.

The streams were at rest before. So invoicing may have decided without having heard of what payments decided in the same
step, and of nothing else: never of its own documents, nor of money that stood before and that nobody touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from books_in_words import Books
from front_office import Done

Step = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Moment:
    """What payments had told of invoices at a moment: what each payment settles, and what refunds have credited."""

    settled: dict[tuple[str, str], int]
    adjusted: dict[str, int]

    @classmethod
    def of(cls, books: Books) -> Moment:
        settled = {
            (payment, invoice): part for payment, one in books.payments.items() for invoice, part in one.settled.items()
        }
        return cls(settled, {invoice: one.adjusted for invoice, one in books.invoices.items()})


def outcomes(possible: Iterable[Books], steps: Sequence[tuple[Step, Done]]) -> list[Books]:
    """The books after each order of these steps that explains which were allowed."""
    found: list[Books] = []
    for before, order in product(possible, permutations(steps)):
        books = deepcopy(before)
        if _done(books, order) and books not in found:
            found.append(books)
    return found


def _done(books: Books, order: Iterable[tuple[Step, Done]]) -> bool:
    """Whether each was rightly allowed or refused in its turn; what was allowed is done in the books."""
    moments = [Moment.of(books)]
    for step, done in order:
        if not _explained(books, step, done, moments):
            return False
        moments.append(Moment.of(books))
    return True


def _explained(books: Books, step: Step, done: Done, moments: Sequence[Moment]) -> bool:
    verb, how = step[0], step[1] | _made(step, done)
    if verb == "note" and not done.allowed and books.invoices[how["invoice"]].over_credited:
        return True  # credited beyond its own amounts by refunds: what is left depends on its tax groups
    if verb in ("void", "note") and done.allowed:
        how["forced"] = _crossed(books, verb, how["invoice"], moments)
    trial = books if done.allowed else deepcopy(books)
    allowed: bool = _cancel_many(trial, **how) if verb == "cancel_many" else getattr(trial, verb)(**how)
    return allowed == done.allowed


def _made(step: Step, done: Done) -> dict[str, Any]:
    """What only the services can say: ids, and an invoice's number and what it comes to."""
    if step[0] == "withdraw":
        return {"made": done.parts}
    if step[0] == "issue":
        return {"made": done.made, "total": done.cents, "number": done.number}
    return {"made": done.made} if step[0] in ("pay", "refund", "note") else {}


def _crossed(books: Books, verb: str, invoice: str, moments: list[Moment]) -> bool:
    """Whether what payments told during this step may have come after invoicing decided on this invoice.

    Of a void: no payment was on it all the time. Of a credit note: a refund of it was made or cancelled.
    """
    if verb == "void":
        payments = {payment for one in moments for payment, number in one.settled if number == invoice}
        return all(any(not one.settled.get((payment, invoice)) for one in moments) for payment in payments)
    return books.invoices[invoice].over_credited or len({one.adjusted.get(invoice) for one in moments}) > 1


def _cancel_many(books: Books, chosen: Sequence[str]) -> bool:
    """All or none (`PAY-7`): the refunds first, then the payments."""
    trial = deepcopy(books)
    refunds, payments = (sorted(set(chosen) & some.keys()) for some in (trial.refunds, trial.payments))
    allowed = all([*map(trial.cancel_refund, refunds), *map(trial.cancel, payments)])
    if allowed:
        vars(books).update(vars(trial))
    return allowed
