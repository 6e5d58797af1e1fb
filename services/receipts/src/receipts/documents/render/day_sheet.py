"""A day sheet in the words and formats of the clinic's language, ready for the template (`PAY-10`)."""

from __future__ import annotations

from typing import Any

from receipts.documents.content.day_sheet import DaySheetContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight
from receipts.domain.day_sheet import DaySheet, Figure, Figures, OfMethod
from receipts.domain.people import Clinic

TEMPLATE = "day_sheet.html"
_COLUMNS = (
    "payments",
    "refunds",
    "cancellations",
    "refund_cancellations",
    "chargebacks",
    "take_backs",
    "insurer_withheld",
    "insurer_added",
    "insurer_interest",
    "interest_taken_back",
    "take_back_cancellations",
)


def day_sheet_view(content: DaySheetContent, clinic: Clinic, *, brief: bool) -> dict[str, Any]:
    """The values of the template; it names no patient."""
    del brief
    say = Formatting(content.language)
    sheet = content.sheet
    title, day = say.words["day_sheet_title"], say.day(sheet.day)
    columns = _columns(sheet)
    return {
        **frame(
            say,
            clinic,
            title=f"{title}, {day}",
            heading=title,
            number=day,
            number_label=say.words["day"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.made_on),
        "amount_label": say.words["day_net"],
        "amount": say.money(sheet.totals.net),
        "facts": [
            *((say.words[f"col_{name}"], _counted(say, getattr(sheet.totals, name))) for name in columns),
            (say.words["printed_on"], say.day(content.made_on)),
        ],
        "columns": [say.words[f"col_{name}"] for name in columns],
        "tables": _tables(say, sheet, columns),
        "balances": _balances(say, sheet),
        "total": _row(say, say.words["day_total"], sheet.totals, columns),
        "note": None,
    }


def _columns(sheet: DaySheet) -> list[str]:
    """Payments always; of the others, those of which there is any."""
    return [name for name in _COLUMNS if name == "payments" or getattr(sheet.totals, name).count]


def _counted(say: Formatting, figure: Figure) -> str:
    return f"{say.money(figure.amount)} {say.say('counted', count=str(figure.count))}"


def _tables(say: Formatting, sheet: DaySheet, columns: list[str]) -> list[dict[str, Any]]:
    if not sheet.by_method:
        return []
    methods = [_row(say, _method(say, one), one.figures, columns) for one in sheet.by_method]
    groups = [_row(say, _group(say, one.name), one.figures, columns) for one in sheet.by_group]
    return [
        {"heading": say.words["by_method"], "column": say.words["col_method"], "rows": methods},
        {"heading": say.words["by_group"], "column": say.words["col_group"], "rows": groups},
    ]


def _balances(say: Formatting, sheet: DaySheet) -> list[tuple[str, str, str, str]]:
    """What each method began and ended the day with: what the cash drawer is counted against."""
    return [
        (_method(say, one), say.money(one.opening), say.money(one.figures.net), say.money(one.closing))
        for one in sheet.by_method
        if one.opening is not None and one.closing is not None
    ]


def _row(say: Formatting, name: str, figures: Figures, columns: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "figures": [_cell(say, getattr(figures, column)) for column in columns],
        "net": say.money(figures.net),
    }


def _cell(say: Formatting, figure: Figure) -> tuple[str, str]:
    return (say.money(figure.amount), say.say("counted", count=str(figure.count))) if figure.count else ("", "")


def _method(say: Formatting, one: OfMethod) -> str:
    return say.own(one.method_label) if one.method_label else say.words[f"method_{one.method}"]


def _group(say: Formatting, name: str | None) -> str:
    return say.own(name) if name else say.words["no_group"]
