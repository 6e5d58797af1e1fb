"""Which books explain what came of steps that were taken at once: those of an order in which each was rightly decided.

The streams were at rest before. So invoicing may have decided without having heard of what payments decided in the same
step, and of nothing else: never of its own documents, nor of money that stood before and that nobody touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from books_in_words import Books
from front_office import Done

Step = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Moment:
    """What payments had told of invoices at a moment: what each payment settles."""

    settled: dict[tuple[str, str], int]

    @classmethod
    def of(cls, books: Books) -> Moment:
        settled = {
            (payment, invoice): part for payment, one in books.payments.items() for invoice, part in one.settled.items()
        }
        return cls(settled)


def outcomes(possible: Iterable[Books], steps: Sequence[tuple[Step, Done]]) -> list[Books]:
    """The books after each order of these steps that explains which were allowed."""
    found: list[Books] = []
    for before, order in product(possible, permutations(steps)):
        for books in _after(before, order, [Moment.of(before)], ()):
            if books not in found:
                found.append(books)
    return found


def _after(
    books: Books, order: Sequence[tuple[Step, Done]], moments: list[Moment], made: tuple[str, ...]
) -> Iterator[Books]:
    """The books after each was rightly allowed or refused in its turn, in each way in which events can cross them.

    `made` are the refunds of this step so far: invoicing may not have heard of some when it decides.
    """
    if not order:
        yield books
        return
    (step, done), *later = order
    if _depends_on_groups(books, step, done):
        yield from _after(books, later, [*moments, Moment.of(books)], made)
    for how in _ways(books, step, done, moments, made):
        trial = deepcopy(books)
        if _allowed(trial, step[0], how) == done.allowed:
            then = trial if done.allowed else books
            refunds = made + ((done.made,) if step[0] == "refund" and done.allowed else ())
            yield from _after(then, later, [*moments, Moment.of(then)], refunds)


def _ways(
    books: Books, step: Step, done: Done, moments: Sequence[Moment], made: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    verb, how = step[0], step[1] | _made(step, done)
    if verb not in ("note", "undo_note", "void") or not done.allowed:
        yield how
        return
    invoice = how["invoice"] if "invoice" in how else books.notes.get(how["note"], ("", "", 0))[0]
    if verb == "void":
        how["forced"] = _crossed(invoice, moments)
    crossing = [one for one in made if invoice in books.refunds[one].credited and not books.refunds[one].cancelled]
    for many in range(len(crossing) + 1):
        for unheard in permutations(crossing, many):
            yield how | {"unheard": unheard}


def _allowed(books: Books, verb: str, how: dict[str, Any]) -> bool:
    allowed: bool = _cancel_many(books, **how) if verb == "cancel_many" else getattr(books, verb)(**how)
    return allowed


def _depends_on_groups(books: Books, step: Step, done: Done) -> bool:
    """Whether a debit note is refused to be undone as some of its tax group was credited, which only groups tell."""
    if step[0] != "undo_note" or done.allowed or step[1]["note"] not in books.notes:
        return False
    invoice, side, _ = books.notes[step[1]["note"]]
    one = books.invoices[invoice]
    return side == "debit" and not one.void and one.credited + one.adjusted > 0


def _made(step: Step, done: Done) -> dict[str, Any]:
    """What only the services can say: ids, and an invoice's number and what it comes to."""
    if step[0] == "withdraw":
        return {"made": done.parts}
    if step[0] == "issue":
        return {"made": done.made, "total": done.cents, "number": done.number}
    return {"made": done.made} if step[0] in ("pay", "refund", "note") else {}


def _crossed(invoice: str, moments: Sequence[Moment]) -> bool:
    """Whether no payment was on a void invoice all the time: invoicing may not have heard of what was."""
    payments = {payment for moment in moments for payment, number in moment.settled if number == invoice}
    return all(any(not moment.settled.get((payment, invoice)) for moment in moments) for payment in payments)


def _cancel_many(books: Books, chosen: Sequence[str]) -> bool:
    """All or none (`PAY-7`): the refunds first, then the payments; then what asks for more is settled again."""
    trial = deepcopy(books)
    refunds, payments = (sorted(set(chosen) & some.keys()) for some in (trial.refunds, trial.payments))
    again = {invoice for refund in refunds for invoice in books.came_for(refund)}
    allowed = all(map(trial.cancel_refund_only, refunds))
    again |= {invoice for payment in payments for invoice in trial.settled_by(payment)}
    allowed = all([allowed, *map(trial.cancel_only, payments)])
    trial.settle_all_again(again)
    if allowed:
        vars(books).update(vars(trial))
    return allowed
