"""An account statement in the words and formats of its language, ready for the template (`PAY-9`)."""

from __future__ import annotations

from typing import Any

from chassis.money import Money

from receipts.documents.content.statement import StatementContent, StatementLine
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.domain.account import NextDue
from receipts.domain.people import Clinic

TEMPLATE = "statement.html"
_HEADINGS = {
    "invoice": "invoice_heading",
    "credit_note": "credit_note_heading",
    "debit_note": "debit_note_heading",
    "void": "line_void",
    "refund_adjustment": "line_refund_adjustment",
}
"""The kinds that are named by a number of their own; the others by what happened."""


def statement_view(content: StatementContent, clinic: Clinic, *, brief: bool) -> dict[str, Any]:
    """The values of the template; a statement never shows what was done to the patient."""
    del brief
    say = Formatting(content.language)
    title, made_on = say.words["statement_title"], say.day(content.made_on)
    return {
        **frame(
            say,
            clinic,
            title=f"{title}, {made_on}",
            heading=title,
            number=made_on,
            number_label=say.words["col_date"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.made_on),
        "amount_label": _owed(say, content.closing),
        "amount": say.money(abs_of(content.asked)),
        "facts": _facts(say, content),
        "patient": party(say, content.patient, clinic),
        "opening": say.money(content.opening),
        "lines": [_line(say, line) for line in content.lines],
        "closing": say.money(content.closing),
        "insurers_to_pay": None if content.insurers_to_pay is None else say.money(-content.insurers_to_pay),
        "asked": say.money(content.asked),
        "next_due": _next_due(say, content.next_due),
        "insurers_credit": None if content.insurers_credit is None else say.money(content.insurers_credit),
        "note": None,
    }


def abs_of(amount: Money) -> Money:
    """The amount without its sign."""
    return Money(abs(amount.minor), amount.currency)


def _next_due(say: Formatting, one: NextDue | None) -> tuple[str, str] | None:
    """Which invoice or installment is asked for next, by when, and how much."""
    if one is None:
        return None
    about = say.verbatim(one.invoice_number)
    if one.position is not None:
        about = f"{say.say('installment_of', number=str(one.position))}, {about}"
    return say.say("due_next", about=about, date=say.day(one.due)), say.money(one.amount)


def _owed(say: Formatting, closing: Money) -> str:
    if closing.minor == 0:
        return say.words["balance_even"]
    return say.words["to_pay" if closing.minor > 0 else "in_favor"]


def _facts(say: Formatting, content: StatementContent) -> list[tuple[str, str]]:
    changes = [line.change.minor for line in content.lines]
    currency = content.opening.currency
    charged = Money(sum(change for change in changes if change > 0), currency)
    paid = Money(-sum(change for change in changes if change < 0), currency)
    return [
        (say.words["period"], _period(say, content)),
        (say.words["opening_balance"], say.money(content.opening)),
        (say.words["sum_charged"], say.money(charged)),
        (say.words["sum_paid"], say.money(paid)),
    ]


def _period(say: Formatting, content: StatementContent) -> str:
    start = say.day(content.from_day) if content.from_day else ""
    end = say.day(content.to_day) if content.to_day else ""
    key = {(True, True): "between", (True, False): "from", (False, True): "until"}.get((bool(start), bool(end)), "all")
    return say.words[f"period_{key}"].format(start=start, end=end)


def _line(say: Formatting, line: StatementLine) -> dict[str, str]:
    change = line.change.minor
    return {
        "date": say.day(line.on),
        "what": _what(say, line),
        "details": " · ".join(_details(say, line)),
        "charged": say.money(line.change) if change > 0 else "",
        "paid": say.money(abs_of(line.change)) if change < 0 else "",
        "balance": say.money(line.balance),
    }


def _what(say: Formatting, line: StatementLine) -> str:
    if line.kind in _HEADINGS:
        return say.say(_HEADINGS[line.kind], number=say.verbatim(line.number or "")).strip()
    return say.words.get(f"line_{line.kind}") or say.words["line_other"]


def _details(say: Formatting, line: StatementLine) -> list[str]:
    details = []
    if line.number and line.kind not in _HEADINGS:
        kind = "refund_heading" if line.kind == "refund" else "receipt_heading"
        details.append(say.say(kind, number=say.verbatim(line.number)))
    details += [
        f"{say.say('demand_title', number=str(one.position), count=str(one.count))}, {say.verbatim(one.invoice_number)}"
        for one in line.installments
    ]
    if line.method and line.kind in {"payment", "refund"}:
        details.append(say.own(line.method_label) if line.method_label else say.words[f"method_{line.method}"])
    if line.amount.minor and not line.change.minor:
        details.append(say.money(line.amount))
    elif line.amount.minor and line.amount != abs_of(line.change):  # some of it moved credit, or was credited
        details.append(say.say("in_all", amount=say.money(line.amount)))
    if line.insurers_change is not None and line.insurers_change.minor:
        key = "to_insurers_credit" if line.insurers_change.minor > 0 else "from_insurers_credit"
        details.append(say.say(key, amount=say.money(abs_of(line.insurers_change))))
    return details
