"""A form that was refused, as it was typed: every control is filled in again, and what is wrong stands beside it.

It works on the page that is shown anew, so that no page does anything for it and no form can be forgotten: of the forms
that go to the same address, the one that is most like it is meant. Hidden fields are as they are now, as a version is,
but the key, so that what is sent again is done once (`ALL-1`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from markupsafe import escape
from starlette.datastructures import FormData

OWN = {"form_token", "clinic", "key", "version", "written_in"}
"""What a page writes into its forms anew each time."""
_PRESSED = {"submit", "button", "image", "reset", "file"}
_TICKED = {"checkbox", "radio"}
_WORDS = {"amount", "reason", "note", "text", "name", "subject", "body", "description"}
_INDEX = re.compile(r"\[\d+\]")
_ALIASES = {
    "external_reference": "reference",
    "group_id": "group",
    "payer.name": "payer_name",
    "received_at": "received",
    "unit_price": "price",
    "first_due_date": "first",
    "down_payment.due_date": "down_payment_date",
    "quiet_hours.start": "quiet_start",
    "quiet_hours.end": "quiet_end",
    "to_patient_id": "recipient",
    "event_types": "events",
    "templates": "template",
}
"""What a service calls a field, where its control has another name."""

Attributes = dict[str, str | None]


@dataclass
class Tag:
    """A tag of the page: where it stands, and what it says."""

    name: str
    attributes: Attributes
    start: int
    end: int

    def text(self, **more: str | None) -> str:
        """The tag with more attributes."""
        told = self.attributes | {name.replace("_", "-"): value for name, value in more.items()}
        said = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in told.items())
        return f"<{self.name}{said}>"


@dataclass
class Control:
    """What is typed or chosen; `until` is where it ends, with its options or its text."""

    tag: Tag
    around: list[Tag]
    until: int = 0
    value: str = ""
    options: list[Tag] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its field."""
        return self.tag.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        """What it is: `text`, `hidden`, `checkbox`, `select` and so on."""
        return (self.tag.attributes.get("type") or "text") if self.tag.name == "input" else self.tag.name

    @property
    def typed(self) -> bool:
        """Whether a text stands in it, or one of several was chosen."""
        return self.kind not in _TICKED | _PRESSED | {"hidden"}


@dataclass
class Form:
    """A form of the page, with what is around it; `until` is where its end is."""

    tag: Tag
    around: list[Tag]
    controls: list[Control] = field(default_factory=list)
    until: int = 0

    def goes_to(self, path: str) -> bool:
        """Whether it is sent there, by whichever of its buttons."""
        pressed = (control.tag.attributes.get("formaction") for control in self.controls if control.kind == "button")
        return path in {(one or "").partition("?")[0] for one in (self.tag.attributes.get("action"), *pressed)}

    def unlike(self, sent: FormData) -> int:
        """How much speaks against it being what was sent: fields it lacks, fixed ones that say something else."""
        fixed = [control for control in self.controls if control.kind == "hidden" and control.name not in OWN]
        lacking = set(sent) - {control.name for control in self.controls} - OWN
        return len(lacking) + sum(one.value not in sent.getlist(one.name) for one in fixed)


@dataclass
class Kept:
    """The page as it is to be shown, and what found no place in it."""

    html: str
    rest: list[str]
    found: bool = True
    """Whether the form is on the page."""


def kept(html: str, path: str, sent: FormData, wrong: Mapping[str, str], now: str = "", *, whole: bool = True) -> Kept:
    """The page with the form as it was sent to `path`; `wrong` says what is wrong with each field.

    With `now` ("As it is now:"), what somebody else changed meanwhile stands beside what was typed (`ALL-3`).
    Where the page is not `whole`, as a service does not answer, what has no control now goes along unseen.
    """
    form = _form_of(html, path, sent)
    if form is None:
        return Kept(html, [*wrong.values(), *_texts(sent)], found=False)
    placed = {_place_of(name, form.controls): text for name, text in wrong.items()}
    edits = _Edits(html, form, sent, now)
    if not whole:
        edits.take_along()
    return Kept(edits.made(placed), [text for name, text in wrong.items() if _place_of(name, form.controls) is None])


def fields_sent(sent: FormData) -> list[tuple[str, str]]:
    """All that was sent but the session's token, to be sent again as it is; a file is not among it."""
    return [(name, value) for name, value in sent.multi_items() if name != "form_token" and isinstance(value, str)]


def _form_of(html: str, path: str, sent: FormData) -> Form | None:
    forms = [form for form in _Reader(html).forms if form.goes_to(path)]
    return min(forms, key=lambda form: form.unlike(sent), default=None)


def _texts(sent: FormData) -> list[str]:
    """What somebody wrote into a form that is not on the page any more."""
    return [value for name, value in fields_sent(sent) if name in _WORDS and value.strip()]


def _place_of(named: str, controls: list[Control]) -> tuple[str, int] | None:
    """The control of a field as a service names it: `lines[0].quantity`, `amount.amount`, or `given_date[2]`."""
    known = {control.name for control in controls if control.typed}
    plain, (name, _, index) = _INDEX.sub("", named), named.partition("[")
    if name in known:
        place = index.partition("]")[0]
        return name, int(place) if place.isdecimal() else 0
    wanted = [plain.replace("number_patterns.", "pattern."), *_parts(plain.removesuffix(".amount")), *_parts(plain)]
    found = (each for one in wanted for each in (one, _ALIASES.get(one, "")) if each in known)
    return next(((each, 0) for each in found), None)


def _parts(path: str) -> list[str]:
    """A path, then what it ends with, the longest first, then what it begins with."""
    members = path.split(".")
    places = range(1, len(members))
    ends, beginnings = (".".join(members[place:]) for place in places), (".".join(members[:-place]) for place in places)
    return [path, *ends, *beginnings]


class _Reader(HTMLParser):
    """Finds the forms of a page, their controls, and what has to be opened for them to be seen."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._around: list[Tag] = []
        self._form: Form | None = None
        self._control: Control | None = None
        self._elsewhere: list[tuple[str, Control]] = []
        self.feed(html)
        for form_id, control in self._elsewhere:
            for form in self.forms:
                if form.tag.attributes.get("id") == form_id:
                    form.controls.append(control)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a control, an option, or what can be closed around them."""
        start = self._at()
        found = Tag(tag, dict(attrs), start, start + len(self.get_starttag_text() or ""))
        if tag == "form":
            self._form = Form(found, list(self._around))
            self.forms.append(self._form)
        elif tag == "details":
            self._around.append(found)
        elif tag == "option" and self._control is not None:
            self._control.options.append(found)
        elif tag in ("input", "select", "textarea", "button"):
            self._note(Control(found, list(self._around), found.end, found.attributes.get("value") or ""))

    def _note(self, control: Control) -> None:
        self._control = control if control.tag.name != "input" else None
        if form_id := control.tag.attributes.get("form"):
            self._elsewhere.append((form_id, control))
        elif self._form is not None:
            self._form.controls.append(control)

    def handle_data(self, data: str) -> None:
        """The text of a text area, or of an option without a value."""
        if self._control is None:
            return
        if self._control.tag.name == "textarea":
            self._control.value += data
        elif self._control.options:
            self._control.options[-1].attributes.setdefault("value", data)

    def handle_endtag(self, tag: str) -> None:
        """The end of what was noted."""
        if tag == "form" and self._form is not None:
            self._form.until, self._form = self._at(), None
        elif tag == "details" and self._around:
            self._around.pop()
        elif self._control is not None and tag == self._control.tag.name:
            self._control.until = self._at() + len(f"</{tag}>")
            self._control = None


class _Edits:
    """What changes in a page for one of its forms to be as it was sent."""

    def __init__(self, html: str, form: Form, sent: FormData, now: str) -> None:
        self._html, self._form, self._now = html, form, now
        self._sent = {name: [one for one in sent.getlist(name) if isinstance(one, str)] for name in sent}
        self._edits: list[tuple[int, int, str]] = []
        self._opened: dict[int, Tag] = {one.start: one for one in form.around}

    def made(self, wrong: Mapping[Any, str]) -> str:
        """The page; `wrong` by control and place."""
        places: dict[str, int] = {}
        for control in self._form.controls:
            place = places[control.name] = places.get(control.name, -1) + 1
            self._fill(control, place, wrong.get((control.name, place), ""))
        self._edits += [(one.start, one.end, one.text(open=None)) for one in self._opened.values()]
        html = self._html
        for start, end, text in sorted(self._edits, reverse=True):
            html = html[:start] + text + html[end:]
        return html

    def take_along(self) -> None:
        """Have the form send again what it has no control for now."""
        lacking = set(self._sent) - {control.name for control in self._form.controls} - OWN
        unseen = (
            Tag("input", {"type": "hidden", "name": one, "value": value}, 0, 0)
            for one in self._sent
            if one in lacking
            for value in self._sent[one]
        )
        self._edits.append((self._form.until, self._form.until, "".join(one.text() for one in unseen)))

    def _fill(self, control: Control, place: int, wrong: str) -> None:
        given = self._sent.get(control.name)
        if control.kind == "hidden":
            if control.name == "key" and given and given[0]:
                self._edit(control.tag, control.tag.text(value=given[0]))
        elif control.kind in _TICKED:
            self._tick(control, given or [])
        elif control.typed:
            typed = given[place] if given is not None and place < len(given) else None
            self._write(control, typed, wrong)

    def _tick(self, control: Control, given: list[str]) -> None:
        before = control.tag.attributes
        tag = Tag(control.tag.name, {name: value for name, value in before.items() if name != "checked"}, 0, 0)
        ticked = (before.get("value") or "on") in given
        self._edit(control.tag, tag.text(checked=None) if ticked else tag.text())
        if control.kind == "checkbox" and ticked != ("checked" in before):
            self._open(control)

    def _write(self, control: Control, typed: str | None, wrong: str) -> None:
        shown, beside = self._shown(control), ""
        more: dict[str, str | None] = {}
        if wrong:
            more = {"aria_invalid": "true", "aria_describedby": f"wrong-{control.name}"}
            beside = f'<span class="wrong" id="wrong-{escape(control.name)}">{escape(wrong)}</span>'
        if typed is not None and typed.strip() != shown.strip() and self._now:
            beside += f'<small class="now">{escape(self._now)} {escape(self._said(control) or "-")}</small>'
        if beside or (typed is not None and typed != shown):
            self._open(control)
        value = shown if typed is None else typed
        if control.tag.name == "input":
            self._edit(control.tag, control.tag.text(value=value, **more) + beside)
        elif control.tag.name == "textarea":
            self._edits.append(
                (control.tag.start, control.until, f"{control.tag.text(**more)}\n{escape(value)}</textarea>{beside}")
            )
        else:
            self._choose(control, value, more, beside)

    def _choose(self, control: Control, value: str, more: dict[str, str | None], beside: str) -> None:
        self._edit(control.tag, control.tag.text(**more))
        self._edits.append((control.until, control.until, beside))
        if any(option.attributes.get("value") == value for option in control.options):
            for option in control.options:
                plain = {name: told for name, told in option.attributes.items() if name != "selected"}
                chosen = option.attributes.get("value") == value
                self._edit(option, Tag(option.name, plain | ({"selected": None} if chosen else {}), 0, 0).text())

    def _shown(self, control: Control) -> str:
        if control.tag.name != "select":
            return control.value.removeprefix("\n")
        chosen = [option for option in control.options if "selected" in option.attributes] or control.options[:1]
        return (chosen[0].attributes.get("value") or "") if chosen else ""

    def _said(self, control: Control) -> str:
        """What stands in it now, as one reads it."""
        if control.tag.name != "select":
            return self._shown(control)
        chosen = [option for option in control.options if "selected" in option.attributes] or control.options[:1]
        return self._html[chosen[0].end :].partition("<")[0].strip() if chosen else ""

    def _open(self, control: Control) -> None:
        self._opened |= {one.start: one for one in control.around}

    def _edit(self, tag: Tag, text: str) -> None:
        self._edits.append((tag.start, tag.end, text))
