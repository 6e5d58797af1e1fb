"""What came out of a clinic day, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from local_stack.practice.day import Day
from local_stack.practice.outcome import Outcome, Tally
from local_stack.practice.printing import WIDTH, aligned, counted, dollars

NAMED_MAX = 50
_METHODS = ("insurance", "bank_card", "check", "cash", "bank_transfer", "other")
_NOT_SENT = {
    "no_consent": "no consent",
    "no_address": "no address",
    "no_longer_true": "paid or undone meanwhile",
    "switched_off": "switched off",
    "address_suppressed": "mail to the address came back",
    "given_up": "given up",
    "bounced": "came back",
    "unknown": "answer unknown",
}


def report(day: Day) -> Iterator[str]:
    """The whole report."""
    outcome = day.outcome
    yield from ("", f"The clinic day of {day.date:%A, %B} {day.date.day}, {day.date.year}", "─" * WIDTH)
    yield from aligned(_table(outcome))
    yield from _scenes(day)
    yield from _documents(day)
    yield from _outstanding(outcome)
    yield from _verdict(day)


def _table(outcome: Outcome) -> list[tuple[str, str, str]]:
    methods = [(name, outcome.payments[name]) for name in _METHODS if name in outcome.payments]
    return [
        ("", "count", "USD"),
        _row("Invoices issued for completed visits", outcome.of_visits),
        _row("Invoices issued by hand", outcome.by_hand),
        _row("Invoices issued and voided", outcome.void),
        _row("Insurers' decisions, and what they pay", outcome.decisions),
        *(_row(f"Payments by {name.replace('_', ' ')}", tally) for name, tally in methods),
        _row("Payments together", outcome.recorded),
        _row("Refunds", outcome.refunds),
        _row("Payments cancelled", outcome.cancelled),
        ("Outstanding", "", dollars(sum(outcome.outstanding.values()))),
    ]


def _row(name: str, tally: Tally) -> tuple[str, str, str]:
    return name, f"{tally.count:,}", dollars(tally.cents)


def _scenes(day: Day) -> Iterator[str]:
    yield from ("", "Besides the visits")
    for scene in day.scenes:
        yield f"  {scene.name}"
        yield from wrapped("; ".join(scene.told), indent=4)


def _documents(day: Day) -> Iterator[str]:
    outcome = day.outcome
    void = sum(receipt.stored and receipt.state == "void" for receipt in outcome.receipts.values())
    yield from ("", "Receipts and emails")
    yield f"  {counted(outcome.stored_receipts, 'receipt')} stored, {void} of them stamped VOID"
    yield from wrapped(f"{counted(day.pdfs, 'PDF')} to look at in {_shown(day.folder)}/", indent=2)
    yield f"  {counted(outcome.emails['sent'], 'email')} accepted by the mail catcher"
    yield from wrapped(f"to be read in {_shown(day.mail)}", indent=4)
    unsent = {name: count for name, count in outcome.emails.items() if name != "sent"}
    if unsent:
        causes = ", ".join(f"{_NOT_SENT.get(name, name)} {count}" for name, count in sorted(unsent.items()))
        yield from wrapped(f"{counted(sum(unsent.values()), 'email')} not sent: {causes}", indent=2)


def _shown(where: Path | str) -> str:
    """A path as a person here would type it; an address as it is."""
    path = Path(where)
    return str(path.relative_to(Path.cwd())) if path.is_absolute() and path.is_relative_to(Path.cwd()) else str(where)


def _outstanding(outcome: Outcome) -> Iterator[str]:
    owing = {clinic: cents for clinic, cents in outcome.outstanding.items() if cents}
    yield from ("", "Outstanding by clinic (USD)")
    rows = [(outcome.clinics[clinic].name, dollars(cents)) for clinic, cents in owing.items()]
    settled = len(outcome.clinics) - len(owing)
    yield from aligned([*sorted(rows), (f"{counted(settled, 'other clinic')}", "0.00")])


def _verdict(day: Day) -> Iterator[str]:
    yield "─" * WIDTH
    rate = day.payments / day.playing_seconds if day.playing_seconds else 0
    yield (
        f"{counted(day.visits, 'visit')} and {counted(day.payments, 'payment')} in {day.playing_seconds:.1f} s "
        f"({rate:,.0f} payments/s)"
    )
    yield f"all receipts and emails out after {day.seconds:.1f} s"
    yield f"Books balance: {'no' if day.differences else 'yes'}"
    for line in day.differences[:NAMED_MAX]:
        yield f"  {line}"
    if not day.differences:
        yield "  every visit as its ledger has it, every figure as its entries say, and the"
        yield "  services as each other:"
    for line in day.proven:
        yield from wrapped(line, indent=4)


def wrapped(text: str, indent: int) -> list[str]:
    """The text over as many lines as it needs, broken at spaces only: paths and addresses stay whole."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > WIDTH - indent:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [" " * indent + line for line in lines]
