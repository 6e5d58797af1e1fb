"""A day sheet in the words and formats of the clinic's language, ready for the template (`PAY-10`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from receipts.documents.content.day_sheet import DaySheetContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight
from receipts.domain.day_sheet import DaySheet, Figure, Figures, OfMethod
from receipts.domain.own_templates import NO_TEXTS
from receipts.domain.people import Clinic

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


def day_sheet_view(
    content: DaySheetContent, clinic: Clinic, *, brief: bool, texts: Mapping[str, str] = NO_TEXTS
) -> dict[str, Any]:
    """The values of the template; it names no patient."""
    del brief
    formats = Formatting(content.language, texts)
    sheet = content.sheet
    title, day = formats.words["day_sheet_title"], formats.day(sheet.day)
    columns = _columns(sheet)
    return {
        **frame(
            formats,
            clinic,
            title=f"{title}, {day}",
            heading=title,
            number=day,
            number_label=formats.words["day"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.made_on),
        "amount_label": formats.words["day_net"],
        "amount": formats.money(sheet.totals.net),
        "facts": [
            *((formats.words[f"col_{name}"], _counted(formats, getattr(sheet.totals, name))) for name in columns),
            (formats.words["printed_on"], formats.day(content.made_on)),
        ],
        "columns": [formats.words[f"col_{name}"] for name in columns],
        "tables": _tables(formats, sheet, columns),
        "balances": _balances(formats, sheet),
        "total": _row(formats, formats.words["day_total"], sheet.totals, columns),
        "note": None,
    }


def _columns(sheet: DaySheet) -> list[str]:
    """Payments always; of the others, those of which there is any."""
    return [name for name in _COLUMNS if name == "payments" or getattr(sheet.totals, name).count]


def _counted(formats: Formatting, figure: Figure) -> str:
    return f"{formats.money(figure.amount)} {formats.text('counted', count=str(figure.count))}"


def _tables(formats: Formatting, sheet: DaySheet, columns: list[str]) -> list[dict[str, Any]]:
    if not sheet.by_method:
        return []
    methods = [_row(formats, _method(formats, one), one.figures, columns) for one in sheet.by_method]
    groups = [_row(formats, _group(formats, one.name), one.figures, columns) for one in sheet.by_group]
    return [
        {"heading": formats.words["by_method"], "column": formats.words["col_method"], "rows": methods},
        {"heading": formats.words["by_group"], "column": formats.words["col_group"], "rows": groups},
    ]


def _balances(formats: Formatting, sheet: DaySheet) -> list[tuple[str, str, str, str]]:
    """What each method began and ended the day with: what the cash drawer is counted against."""
    return [
        (_method(formats, one), formats.money(one.opening), formats.money(one.figures.net), formats.money(one.closing))
        for one in sheet.by_method
        if one.opening is not None and one.closing is not None
    ]


def _row(formats: Formatting, name: str, figures: Figures, columns: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "figures": [_cell(formats, getattr(figures, column)) for column in columns],
        "net": formats.money(figures.net),
    }


def _cell(formats: Formatting, figure: Figure) -> tuple[str, str]:
    return (
        (formats.money(figure.amount), formats.text("counted", count=str(figure.count))) if figure.count else ("", "")
    )


def _method(formats: Formatting, one: OfMethod) -> str:
    return formats.own(one.method_label) if one.method_label else formats.words[f"method_{one.method}"]


def _group(formats: Formatting, name: str | None) -> str:
    return formats.own(name) if name else formats.words["no_group"]
