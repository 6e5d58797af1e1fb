"""An account statement in the words and formats of its language, ready for the template (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.money import Money

from receipts.documents.content.statement import StatementContent, StatementLine
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.documents.render.lines import carried, is_long
from receipts.documents.render.payment import payment_view
from receipts.domain.account import Ageing, LeftToInsurer, NextDue
from receipts.domain.own_templates import NO_TEXTS
from receipts.domain.people import Clinic

_HEADINGS = {
    "invoice": "invoice_heading",
    "credit_note": "credit_note_heading",
    "debit_note": "debit_note_heading",
    "void": "line_void",
    "refund_adjustment": "line_refund_adjustment",
}
"""The kinds that are named by a number of their own; the others by what happened."""
_DAYS_LATE = tuple(f"{first}\N{EN DASH}{last}" for first, last in ((1, 30), (31, 60), (61, 90)))


def statement_view(
    content: StatementContent, clinic: Clinic, *, brief: bool, texts: Mapping[str, str] = NO_TEXTS
) -> dict[str, Any]:
    """The values of the template; a statement never shows what was done to the patient."""
    del brief
    formats = Formatting(content.language, texts)
    title, made_on = formats.words["statement_title"], formats.day(content.made_on)
    return {
        **frame(
            formats,
            clinic,
            title=f"{title}, {made_on}",
            heading=title,
            number=made_on,
            number_label=formats.words["col_date"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.made_on),
        "amount_label": _owed(formats, content),
        "amount": formats.money(abs_of(content.asked)),
        "facts": _facts(formats, content),
        "patient": party(formats, content.patient, clinic),
        "opening": formats.money(content.opening),
        "lines": [_line(formats, line) for line in content.lines],
        "carried": carried(formats, (line.balance for line in content.lines)) if is_long(content.lines) else [],
        "closing": formats.money(content.closing),
        "insurers_to_pay": _insurers_to_pay(formats, content),
        "ageing": None if content.ageing is None else _ageing(formats, content.ageing),
        "asked": formats.money(content.asked),
        "next_due": _next_due(formats, content.next_due),
        "insurers_credit": None if content.insurers_credit is None else formats.money(content.insurers_credit),
        "payment": payment_view(formats, content.payment, asked=content.asked, number=content.patient.name, coded=True),
        "note": None,
    }


def _insurers_to_pay(formats: Formatting, content: StatementContent) -> list[tuple[str, str]]:
    """What is asked of insurers, each by its name; all in one row, where payments does not say whose it is.

    What is expected to be written off is a row of its own: no money will come of it (`INS-1`).
    """
    whole = content.insurers_to_pay
    if whole is None:
        return []
    of_nobody = formats.words["insurers_to_pay"]
    if sum(one.amount.minor for one in content.insurers) != whole.minor:
        return [(of_nobody, formats.money(-whole))]
    return [row for one in content.insurers for row in _left_to(formats, one)]


def _left_to(formats: Formatting, one: LeftToInsurer) -> list[tuple[str, str]]:
    """What one insurer is to pay, and what it is expected to have written off."""
    off = one.expected_write_off
    named = one.name and formats.own(one.name)
    to_pay = formats.text("insurer_to_pay", name=named) if named else formats.words["insurers_to_pay"]
    if off is None or not off.minor:
        return [(to_pay, formats.money(-one.amount))]
    paid = Money(one.amount.minor - off.minor, off.currency)
    reduced = formats.text("expected_write_off", payer=named or formats.words["payer_insurer"])
    return [*([(to_pay, formats.money(-paid))] if paid.minor else []), (reduced, formats.money(-off))]


def _ageing(formats: Formatting, ageing: Ageing) -> list[tuple[str, str]]:
    """What is asked of the patient by how long it has been due, oldest last, and all of it."""
    late = [
        formats.words["not_due"],
        *(formats.text("days_late", days=days) for days in _DAYS_LATE),
        formats.text("days_late_over", days="90"),
        formats.words["ageing_total"],
    ]
    return list(zip(late, (formats.money(amount) for amount in (*ageing.amounts, ageing.total)), strict=True))


def abs_of(amount: Money) -> Money:
    """The amount without its sign."""
    return Money(abs(amount.minor), amount.currency)


def _next_due(formats: Formatting, one: NextDue | None) -> tuple[str, str] | None:
    """Which invoice or installment is asked for next, by when, and how much."""
    if one is None:
        return None
    about = formats.verbatim(one.invoice_number)
    if one.position is not None:
        about = f"{formats.text('installment_of', number=str(one.position))}, {about}"
    return formats.text("due_next", about=about, date=formats.day(one.due)), formats.money(one.amount)


def _owed(formats: Formatting, content: StatementContent) -> str:
    """Whose it is; what was owed at the end of a period that is over is its balance, and asked for by nothing."""
    if content.closing.minor < 0:
        return formats.words["in_favor"]
    return formats.words["to_pay" if content.closing.minor and content.asks else "balance_even"]


def _facts(formats: Formatting, content: StatementContent) -> list[tuple[str, str]]:
    changes = [line.change.minor for line in content.lines]
    currency = content.opening.currency
    charged = Money(sum(change for change in changes if change > 0), currency)
    paid = Money(-sum(change for change in changes if change < 0), currency)
    return [
        (formats.words["period"], _period(formats, content)),
        (formats.words["opening_balance"], formats.money(content.opening)),
        (formats.words["sum_charged"], formats.money(charged)),
        (formats.words["sum_paid"], formats.money(paid)),
    ]


def _period(formats: Formatting, content: StatementContent) -> str:
    start = formats.day(content.from_day) if content.from_day else ""
    end = formats.day(content.to_day) if content.to_day else ""
    key = {(True, True): "between", (True, False): "from", (False, True): "until"}.get((bool(start), bool(end)), "all")
    return formats.words[f"period_{key}"].format(start=start, end=end)


def _line(formats: Formatting, line: StatementLine) -> dict[str, str]:
    change = line.change.minor
    return {
        "date": formats.day(line.on),
        "what": _what(formats, line),
        "details": " · ".join(_details(formats, line)),
        "charged": formats.money(line.change) if change > 0 else "",
        "paid": formats.money(abs_of(line.change)) if change < 0 else "",
        "balance": formats.money(line.balance),
    }


def _what(formats: Formatting, line: StatementLine) -> str:
    if line.kind in _HEADINGS:
        return formats.text(_HEADINGS[line.kind], number=formats.verbatim(line.number or "")).strip()
    return formats.words.get(f"line_{line.kind}") or formats.words["line_other"]


def _details(formats: Formatting, line: StatementLine) -> list[str]:
    details = []
    if line.number and line.kind not in _HEADINGS:
        kind = "refund_heading" if line.kind == "refund" else "receipt_heading"
        details.append(formats.text(kind, number=formats.verbatim(line.number)))
    details += [
        f"{formats.text('demand_title', number=str(settled.position), count=str(settled.count))}, "
        f"{formats.verbatim(settled.invoice_number)}"
        for settled in line.installments
    ]
    if line.received_on:
        details.append(formats.text("received_on_day", date=formats.day(line.received_on)))
    if line.method and line.kind in {"payment", "refund"}:
        details.append(formats.own(line.method_label) if line.method_label else formats.words[f"method_{line.method}"])
    if line.amount.minor and not line.change.minor:
        details.append(formats.money(line.amount))
    elif line.amount.minor and line.amount != abs_of(line.change):  # some of it moved credit, or was credited
        details.append(formats.text("in_all", amount=formats.money(line.amount)))
    if line.insurers_change is not None and line.insurers_change.minor:
        key = "to_insurers_credit" if line.insurers_change.minor > 0 else "from_insurers_credit"
        details.append(formats.text(key, amount=formats.money(abs_of(line.insurers_change))))
    return details
