"""The forms of a page as a browser has them: what is sent of each, and what is said beside a control."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Field:
    """A control: `value` is what stands in it, or what it is sent as where it is ticked."""

    name: str
    kind: str
    value: str = ""
    ticked: bool = False
    options: list[str] = field(default_factory=list)
    amount: bool = False
    beside: str = ""
    """What `aria-describedby` names."""

    @property
    def writable(self) -> bool:
        return self.kind not in ("hidden", "submit", "button", "file", "checkbox", "radio")


@dataclass
class Filled:
    """A form with what is in it."""

    actions: list[str]
    fields: list[Field] = field(default_factory=list)
    form_id: str = ""
    closed: bool = False
    """Whether it is folded away."""

    def sent(self) -> list[tuple[str, str]]:
        told = [one for one in self.fields if one.name and one.kind not in ("button", "file")]
        return [(one.name, one.value) for one in told if one.ticked or one.kind not in ("checkbox", "radio")]


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Filled] = []
        self.by_id: dict[str, str] = {}
        self._loose: list[tuple[str, Field]] = []
        self._form: Filled | None = None
        self._area: Field | None = None
        self._ids: list[str] = []
        self._folded: list[bool] = []
        self._option: list[str] | None = None
        self.feed(html)
        for form_id, one in self._loose:
            next(form for form in self.forms if form.form_id == form_id).fields.append(one)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "span" and "id" in told:
            self._ids.append(told["id"])
        if tag == "details":
            self._folded.append("open" not in told)
        if tag == "form":
            self._form = Filled([told.get("action", "")], form_id=told.get("id", ""), closed=any(self._folded))
            self.forms.append(self._form)
        elif tag == "button" and self._form is not None and "formaction" in told:
            self._form.actions.append(told["formaction"])
        elif tag == "option" and self._area is not None:
            self._option = [
                told.get("value", ""),
                "yes" if "selected" in told else "",
                "" if "value" in told else "text",
            ]
            if self._option[2] != "text":
                self._chosen()
        elif tag in ("input", "select", "textarea"):
            self._note(tag, told)

    def _note(self, tag: str, told: dict[str, str]) -> None:
        kind = told.get("type", "text") if tag == "input" else tag
        one = Field(told.get("name", ""), kind, told.get("value", "on" if kind in ("checkbox", "radio") else ""))
        one.ticked, one.amount = "checked" in told, told.get("inputmode") == "decimal"
        one.beside = told.get("aria-describedby", "")
        self._area = one if tag != "input" else None
        if "form" in told:
            self._loose.append((told["form"], one))
        elif self._form is not None:
            self._form.fields.append(one)

    def _chosen(self) -> None:
        value, selected, _ = self._option or ["", "", ""]
        if self._area is not None:
            if selected or not self._area.options:
                self._area.value = value
            self._area.options.append(value)
        self._option = None

    def handle_data(self, data: str) -> None:
        if self._ids:
            self.by_id[self._ids[-1]] = self.by_id.get(self._ids[-1], "") + data
        if self._option is not None:
            self._option[0] = data
            self._chosen()
        elif self._area is not None and self._area.kind == "textarea":
            self._area.value += data if self._area.value else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "details":
            self._folded.pop()
        elif tag == "span" and self._ids:
            self._ids.pop()
        elif tag in ("select", "textarea"):
            self._area = None


def forms_of(html: str) -> list[Filled]:
    """Every form of a page that changes something, or might."""
    page = _Page(html)
    for form in page.forms:
        for one in form.fields:
            one.beside = page.by_id.get(one.beside, "")
    return page.forms
