"""The rows of an invoice's form: what was typed, kept as it was typed, and what is asked of invoicing for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.datastructures import FormData

from frontdesk.desk import text_of, texts_of
from frontdesk.formats import Formats

KINDS = ("procedure", "extra_procedure", "product", "custom")
CODE_SYSTEM = "CDT"
_FIELDS = (
    "kind line_id procedure_id description code code_system tooth surface sku quantity price discount discount_unit "
    "reason charge charge_unit charge_reason"
).split()
_NAMED = ("description", "code", "code_system", "tooth", "surface", "sku")
_TYPED = {
    "procedure": (),
    "extra_procedure": ("description", "code", "code_system", "tooth", "quantity"),
    "product": ("description", "sku", "quantity"),
    "custom": ("description", "quantity"),
}
"""What of a line is typed, by its kind; what else a saved line says stays."""
_OF_ARTICLE = ("code", "code_system", "tax_category", "base_quantity")
"""What goes with a product, and so does not stay where another one is chosen."""
_KEPT_OF_LINES = (
    *_NAMED,
    *(
        "quantity tax_category date_of_service provider_id provider_name oral_cavity_area place_of_service "
        "prior_authorization provider_npi prosthesis prior_placement_on appliance_placed_on orthodontic_months "
        "orthodontic_months_left treatment_plan_id treatment_plan_item_id estimates base_quantity"
    ).split(),
)
_OF_LINE = re.compile(r"lines\[(\d+)\]\.([\w.\[\]]+)")
_OF_DOCUMENT = re.compile(r"(discount|charge)s?(?:\[0\])?\.(?:percent|amount).*")
_MEMBERS = {"unit_price": "price", "unit_price.amount": "price", "discount.reason": "reason"}
_KEPT = ("appointment_id", "primary_payer", "price_list_id", "membership")


@dataclass
class Row:
    """One row, as it was typed; `key` names its fields in the form."""

    key: str
    kind: str = "custom"
    line_id: str = ""
    """The line of the saved draft that it is, whose other members stay as they are."""
    procedure_id: str = ""
    description: str = ""
    code: str = ""
    code_system: str = ""
    tooth: str = ""
    surface: str = ""
    sku: str = ""
    quantity: str = "1"
    price: str = ""
    discount: str = ""
    discount_unit: str = "percent"
    reason: str = ""
    charge: str = ""
    charge_unit: str = "percent"
    charge_reason: str = ""
    wrong: set[str] = field(default_factory=set)

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not (self.procedure_id or self.description or self.code or self.sku or self.price)


@dataclass
class Draft:
    """The whole form."""

    key: str
    rows: list[Row]
    ticked: set[str] = field(default_factory=set)
    lines: list[dict[str, Any]] = field(default_factory=list)
    discount: str = ""
    discount_unit: str = "percent"
    discount_reason: str = ""
    charge: str = ""
    charge_unit: str = "percent"
    charge_reason: str = ""
    note: str = ""
    due_date: str = ""
    version: str = ""
    wrong: set[str] = field(default_factory=set)
    terms: dict[str, Any] = field(default_factory=dict)
    """What of the document is typed on this form, as invoicing takes it."""
    sources: list[str] = field(default_factory=list)
    """For each line the saved line that it was, if any."""
    keys: list[str] = field(default_factory=list)
    """For each line what its controls are named after."""

    def body(self) -> dict[str, Any]:
        """What invoicing is asked for."""
        return {"lines": self.lines} | self.terms

    def keep_rest(self, saved: Mapping[str, Any]) -> None:
        """Take along what the saved draft says and this form does not show: claims, providers, further discounts."""
        lines = {one["id"]: one for one in saved["lines"]}
        for line, source in zip(self.lines, self.sources, strict=True):
            if source in lines:
                _keep_rest_of_line(line, lines[source])
        for name in _KEPT:
            if saved[name]:
                self.terms[name] = saved[name]
        for name, before in (("discounts", _discounts_of(saved)), ("charges", saved["charges"])):
            self.terms[name] = _with_rest(self.terms.get(name, []), before)

    def control_of(self, named: str) -> str:
        """The control of a field as invoicing names it: `lines[2].unit_price` is `ab12.price`."""
        if not (found := _OF_LINE.fullmatch(named)) or int(found[1]) >= len(self.keys):
            return _OF_DOCUMENT.sub(r"\1", named)
        member = _MEMBERS.get(found[2], _OF_DOCUMENT.sub(r"\1", found[2]))
        return f"{self.keys[int(found[1])]}.{member}"

    @classmethod
    def from_invoice(cls, invoice: Mapping[str, Any], formats: Formats, *, key: str, version: str) -> Draft:
        """A draft that was saved before."""
        discount = next(iter(_discounts_of(invoice)), None)
        charge = (invoice["charges"] or [None])[0]
        rows = [row_of_line(line, formats) for line in invoice["lines"]]
        draft = cls(key, rows, note=invoice["note"] or "", due_date=invoice["due_date"] or "", version=version)
        draft.discount, draft.discount_unit, draft.discount_reason = _typed_share(discount, formats)
        draft.charge, draft.charge_unit, draft.charge_reason = _typed_share(charge, formats)
        return draft


def new_row(kind: str) -> Row:
    """An empty row of a kind."""
    return Row(uuid4().hex[:8], kind if kind in KINDS else "custom")


def row_of_line(line: Mapping[str, Any], formats: Formats) -> Row:
    """A saved line as a row, its figures as a person types them."""
    row = Row(uuid4().hex[:8], line["kind"])
    for name in ("procedure_id", *_NAMED):
        setattr(row, name, line[name] or "")
    row.line_id = line["id"]
    row.quantity, row.price = formats.typed(line["quantity"]), formats.typed(line["unit_price"])
    row.discount, row.discount_unit, row.reason = _typed_share(line["discount"], formats)
    row.charge, row.charge_unit, row.charge_reason = _typed_share((line["charges"] or [None])[0], formats)
    return row


def draft_of(form: FormData, formats: Formats) -> Draft:
    """What was typed, and what is asked for by it; what is no amount is marked (`wrong`)."""
    names = ("discount", "discount_reason", "charge", "charge_reason", "note", "due_date", "version", "key")
    units: dict[str, Any] = {name: text_of(form, name, "percent") for name in ("discount_unit", "charge_unit")}
    draft = Draft(rows=_rows(form), ticked=set(texts_of(form, "procedure")), **_texts(form, names), **units)
    rows = [Row(one, "procedure", procedure_id=one, **_of_procedure(form, one)) for one in texts_of(form, "procedure")]
    for row in [*rows, *draft.rows]:
        if not row.empty:
            draft.lines.append(_line(row, formats))
            draft.sources.append(row.line_id)
            draft.keys.append(row.key)
            draft.wrong |= row.wrong
    draft.terms = _terms(draft, formats)
    return draft


def _texts(form: FormData, names: Sequence[str]) -> dict[str, Any]:
    return {name: text_of(form, name) for name in names}


def _rows(form: FormData) -> list[Row]:
    found = []
    for key in texts_of(form, "row"):
        if text_of(form, f"{key}.removed"):
            continue
        typed: dict[str, Any] = {name: text_of(form, f"{key}.{name}") for name in _FIELDS if f"{key}.{name}" in form}
        found.append(Row(key, **typed))
    return found


def _of_procedure(form: FormData, procedure_id: str) -> dict[str, Any]:
    names = {"discount": "discount", "discount_unit": "discount_unit", "reason": "reason"}
    return {name: text_of(form, f"{procedure_id}.{told}") for name, told in names.items()}


def _line(row: Row, formats: Formats) -> dict[str, Any]:
    line: dict[str, Any] = {"kind": row.kind}
    if row.kind == "procedure":
        line["procedure_id"] = row.procedure_id
    else:
        named = {name: getattr(row, name) for name in _NAMED if name != "code_system"}
        line |= {name: value for name, value in named.items() if value}
        line["quantity"] = _number(row, "quantity", row.quantity or "1", formats)
        if row.code:
            line["code_system"] = row.code_system or CODE_SYSTEM
    if row.price and (price := _amount(row, "price", row.price, formats)):
        line["unit_price"] = price
    if discount := _share(row, "discount", (row.discount, row.discount_unit, row.reason), formats):
        line["discount"] = discount
    if charge := _share(row, "charge", (row.charge, row.charge_unit, row.charge_reason), formats):
        line["charges"] = [charge]
    return line


def _terms(draft: Draft, formats: Formats) -> dict[str, Any]:
    terms: dict[str, Any] = {}
    if found := _share(draft, "discount", (draft.discount, draft.discount_unit, draft.discount_reason), formats):
        terms["discounts"] = [found]
    if found := _share(draft, "charge", (draft.charge, draft.charge_unit, draft.charge_reason), formats):
        terms["charges"] = [found]
    given = {"note": draft.note, "due_date": draft.due_date}
    return terms | {name: value for name, value in given.items() if value}


def _share(of: Row | Draft, name: str, typed: tuple[str, str, str], formats: Formats) -> dict[str, Any] | None:
    value, unit, reason = typed
    if not value:
        return None
    told = {"reason": reason or "–"}
    if unit == "amount":
        return told | {"amount": _amount(of, name, value, formats)}
    return told | {"percent": _number(of, name, value.rstrip("% "), formats)}


def _amount(of: Row | Draft, name: str, text: str, formats: Formats) -> dict[str, str] | None:
    found = formats.amount(text)
    if found is None:
        of.wrong.add(name)
    return found


def _number(of: Row | Draft, name: str, text: str, formats: Formats) -> str:
    found = formats.decimal(text)
    if found is None:
        of.wrong.add(name)
    return text if found is None else f"{found:f}"


def _typed_share(told: Mapping[str, Any] | None, formats: Formats) -> tuple[str, str, str]:
    if told is None:
        return "", "percent", ""
    if told["percent"] is not None:
        return formats.typed(told["percent"]), "percent", str(told["reason"])
    return formats.typed(told["amount"]), "amount", str(told["reason"])


def _keep_rest_of_line(line: dict[str, Any], saved: Mapping[str, Any]) -> None:
    """Take along what a saved line says and its row does not show."""
    gone = _OF_ARTICLE if line.get("sku") != saved["sku"] and line["kind"] == "product" else ()
    names = [name for name in _KEPT_OF_LINES if name not in (*line, *_TYPED[line["kind"]], *gone)]
    line |= {name: value for name in names if (value := _own_code(saved) if name == "tax_category" else saved[name])}
    if charges := _with_rest(line.get("charges", []), saved["charges"]):
        line["charges"] = charges


def _discounts_of(saved: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those of the whole document: an invoice can have one apart, and others beside it (`INV-13`)."""
    return [one for one in (saved["discount"], *saved["discounts"]) if one]


def _with_rest(typed: list[dict[str, Any]], saved: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The discounts or charges: the first as it is typed, with what the form does not show, the others as they are."""
    asked = [_as_asked(one) for one in saved]
    hidden = ("tax_category", "base") if typed and "percent" in typed[0] else ("tax_category",)
    first = [one | {name: asked[0][name] for name in hidden if asked and name in asked[0]} for one in typed]
    return first + asked[1:]


def _as_asked(told: Mapping[str, Any]) -> dict[str, Any]:
    names = ("reason", *(("percent", "base") if told["percent"] is not None else ("amount",)))
    asked = {name: told[name] for name in names if told.get(name) is not None}
    return asked | ({"tax_category": code} if (code := _own_code(told)) else {})


def _own_code(told: Mapping[str, Any]) -> str | None:
    """The clinic's own code of a tax category, which requests name it by: answers say the standard's one beside it."""
    return told["tax_code"] if "tax_code" in told else told.get("tax_category")
