"""What a page has at hand: who looks at it, the services, the clinic, words and formats; and how it is shown."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.runtime import Context
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from frontdesk.clients import Missing, Refused, Services, Unreachable, attempt
from frontdesk.formats import RIGHT_TO_LEFT, Formats, Money, minor, total
from frontdesk.guarding import FORM_BYTES_MAX, form_token, is_own_form
from frontdesk.identifiers import new_key
from frontdesk.kept_forms import Kept, fields_sent, kept
from frontdesk.labels import LABELS, PROBLEMS, TONES, TYPING, label
from frontdesk.marks import asset, icon
from frontdesk.signing_in import Person, SignedIn
from frontdesk.words import LANGUAGES, accepted, language_of, say, table

CLINIC_SECONDS = 30.0
CLINICS_MAX = 5_000
NOT_FOUND, CHANGED, REFUSED = 404, 412, 400
_NO_CLINIC: dict[str, Any] = {
    "name": "",
    "currency": "USD",
    "time_zone": "UTC",
    "language": "en",
    "version": 0,
    "tax_categories": [],
}


class _Calls(Context):
    """A template's names: what it calls is called as it is, as none of it asks for the template's context."""

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """Without looking at each call for what it asks for, which takes longer than most of what is called."""
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*args, **named)


class _Pages(Environment):
    """The templates of the pages. What services answered is looked up by name, first and mostly."""

    context_class = _Calls

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A member of what a service answered, else as everywhere in templates: an attribute or an item."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


_pages = _Pages(
    loader=PackageLoader("frontdesk", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.globals |= {"icon": icon, "asset": asset, "new_key": new_key, "languages": LANGUAGES, "minor": minor}
_pages.filters["minor"] = minor
_pages.globals |= {"total": total, "tone": lambda code: TONES.get(code, "quiet")}


_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
"""What no sentence on a page says: things have numbers and names."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_LAST_OF_CODES = re.compile(r" or (?='[^']*'$|\S+$)")
"""What is before the last of the codes that a field may say."""


class NotOurForm(Exception):
    """A form that was not made for this session, or before it ended."""


class FormOfAnotherClinic(Exception):
    """A form that was shown to somebody of another clinic than whoever sends it is signed in at (`ALL-4`)."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Notice:
    """What is said at the top of a page: what was done, or why it was not."""

    text: str
    kind: str = "done"
    detail: str = ""
    link: str = ""
    link_text: str = ""
    payment_id: str = ""
    """Of which payment the receipt can be mailed from here."""
    trace_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with each field, as its service or the page calls it: said beside its control."""
    changed: bool = False
    """Somebody else changed meanwhile what the form is about: how it is now is said beside what was typed."""
    rest: Sequence[str] = ()
    """What of all that has no place in the page."""


class Desk:
    """One request of a person who is signed in."""

    def __init__(self, request: Request, person: Person, services: Services, clinic: dict[str, Any] | Missing) -> None:
        self.request = request
        self.person = person
        self.services = services
        self.clinic_missing = clinic if isinstance(clinic, Missing) else None
        self.clinic: dict[str, Any] = _NO_CLINIC if isinstance(clinic, Missing) else clinic
        browser = accepted(request.headers.get("accept-language", ""))
        self.language = language_of(request.session.get("language"), self.clinic["language"], *browser)
        self.formats = Formats(self._locale(), self.clinic["currency"], self.clinic["time_zone"])

    @property
    def currency(self) -> str:
        """The clinic's only one (`MON-2`)."""
        return str(self.clinic["currency"])

    @property
    def typing(self) -> Formats:
        """How amounts stand in fields: as on the page that the form was sent from, whatever the language is by now."""
        sent: FormData | None = getattr(self.request.state, "sent", None)
        language = text_of(sent, "written_in") if sent is not None else ""
        known = language.partition("-")[0] in LANGUAGES
        return replace(self.formats, language=language) if known else self.formats

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def t(self, english: str, **parts: Any) -> str:
        """A sentence in this person's language."""
        return say(self.language, english, **parts)

    def page(self, name: str, *, status: int = 200, notice: Notice | None = None, **context: Any) -> Response:
        """A page, or a part of one."""
        notices = [notice] if notice else []
        if not self.partial and (before := self.request.session.pop("notice", None)):
            notices.insert(0, Notice(**before))
        template, shown = _pages.get_template(name), self._common() | {"notices": notices, "again": []} | context
        html = template.render(shown)
        sent: FormData | None = getattr(self.request.state, "sent", None)
        if sent is None or status < REFUSED:
            return HTMLResponse(html, status)
        told = notice or Notice("")
        whole = not any(isinstance(one, Missing) for one in context.values())
        found = self._kept(html, sent, told, whole)
        if not found.found and not whole:
            return HTMLResponse(template.render(shown | {"again": fields_sent(sent)}), status)
        if found.rest and notice:
            rest = [replace(told, rest=found.rest)]
            found = self._kept(template.render(shown | {"notices": rest}), sent, told, whole)
        return HTMLResponse(found.html, status)

    def _kept(self, html: str, sent: FormData, notice: Notice, whole: bool) -> Kept:
        """The page with the form that was refused as it was typed, and what is wrong with it at its fields."""
        now = self.t("As it is now:") if notice.changed else ""
        return kept(html, self.request.url.path, sent, notice.fields, now, whole=whole)

    def go(self, path: str, notice: Notice | None = None) -> Response:
        """Send the browser on after a change, so that reloading repeats nothing."""
        if notice is not None:
            self.request.session["notice"] = notice.__dict__
        if self.partial:
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)

    def told(self, trouble: Refused | Unreachable) -> Notice:
        """Why something was not done, for whoever tried."""
        if isinstance(trouble, Unreachable):
            part = self.t(_PARTS[trouble.service])
            text = self.t("{part} does not answer right now.", part=part)
            return Notice(text, "trouble", self.t("Nothing you typed is lost. Send it again: it is never done twice."))
        return self._refusal(trouble)

    def _refusal(self, refused: Refused) -> Notice:
        """In this page's language where there are words for it, and then without the service's own English ones."""
        is_typing, at_home = refused.slug == TYPING and bool(refused.errors), self.language == "en"
        english = self._english_of(refused) if is_typing or refused.slug != TYPING else None
        own_words = at_home and not is_typing and not _ID.search(refused.detail)
        wrong = [each for each in refused.errors if not (english and _ID.search(str(each.get("detail", ""))))]
        kind = None if is_typing else english
        fields = {str(each.get("field", "")): self._said_of_field(each, kind) for each in wrong}
        detail = refused.detail if english and own_words else ""
        return Notice(
            self.t(english) if english else refused.detail,
            "refused",
            detail,
            trace_id="" if is_typing else refused.trace_id,
            fields=fields,
            changed=refused.status == CHANGED,
        )

    @staticmethod
    def _english_of(refused: Refused) -> str | None:
        """What there are words for in every language: of the problem here, else its title."""
        title = str(refused.problem.get("title", ""))
        return PROBLEMS.get(refused.slug) or (title if title in table() else None)

    def _said_of_field(self, wrong: Mapping[str, Any], kind: str | None) -> str:
        """What is wrong with one field: by the form of its sentence, else by its problem's kind, else in English."""
        detail = str(wrong.get("detail", ""))
        if self.language == "en":
            return detail
        form = str(wrong.get("sentence") or detail)
        if form in table():
            return self.t(
                form, **{name: self._value(name, value) for name, value in (wrong.get("values") or {}).items()}
            )
        return self.t(kind) if kind else f"{self.t('This cannot be as it is typed:')} {detail}"

    def _value(self, name: str, value: Any) -> str:
        """What stands in a service's sentence, as it is written here: money, days, decimals; all else as it is."""
        if isinstance(value, dict):
            return self.formats.money({"amount": str(value["amount"]), "currency": str(value["currency"])})
        if name == "expected":
            return _LAST_OF_CODES.sub(f" {self.t('or')} ", str(value))
        if _DECIMAL.fullmatch(str(value)):
            return self.formats.typed(str(value))
        return self.formats.day(value) if _DAY.fullmatch(str(value)) else str(value)

    def no_amount(self, *fields: str) -> Notice:
        """What was typed there is no amount: nothing is guessed where money is meant (`MON-1`)."""
        text = self.t("Type an amount, such as 120.00.")
        return Notice(text, "refused", fields=dict.fromkeys(fields, text))

    def _locale(self) -> str:
        clinics = str(self.clinic["language"])
        return clinics if clinics.partition("-")[0] == self.language else self.language

    def _common(self) -> dict[str, Any]:
        f, typing = self.formats, self.typing
        return {
            "t": self.t,
            "money": f.money,
            "short_money": f.short_money,
            "number": f.number,
            "day": f.day,
            "moment": f.moment,
            "clock": f.clock,
            "typed": typing.typed,
            "point": typing.point,
            "written_in": typing.language,
            "today": f.today(),
            "language": self.language,
            "direction": "rtl" if self.language in RIGHT_TO_LEFT else "ltr",
            "person": self.person,
            "may": self.person.may,
            "clinic": self.clinic,
            "currency": self.currency,
            "path": self.request.url.path,
            "form_token": form_token(self.request.session),
            "partial": self.partial,
            "label": lambda code: self.t(label(code)) if code in LABELS else label(code),
            "missing": lambda part: isinstance(part, Missing),
            "part_name": lambda part: self.t(_PARTS[part.service]),
        }


_PARTS = {
    "invoicing": "Invoicing",
    "payments": "The cash desk",
    "receipts": "Receipts and documents",
    "notifications": "Messages",
}


async def desk_of(request: Request, person: SignedIn) -> Desk:
    """The desk of whoever is signed in. Raises SignInNeeded."""
    services = Services(request.app.state.http, request.app.state.urls, request.session["access"])
    return Desk(request, person, services, await _clinic(request, person, services))


async def read_form(request: Request) -> FormData:
    """A form as it was sent, whoever's it is."""
    return await request.form(max_files=1, max_fields=3_000, max_part_size=FORM_BYTES_MAX)


async def submitted(request: Request) -> AsyncIterator[FormData]:
    """A form, of this session and its clinic. Raises NotOurForm, FormOfAnotherClinic."""
    form = request.state.sent = await read_form(request)
    try:
        shown_for, _, name = str(form.get("clinic", "")).partition(" ")
        if "clinic" in form and shown_for != request.session.get("clinic_id", shown_for):
            raise FormOfAnotherClinic(name)
        if not is_own_form(request.session, str(form.get("form_token", ""))):
            raise NotOurForm
        yield form
    finally:
        await form.close()


AtDesk = Annotated[Desk, Depends(desk_of)]
Submitted = Annotated[FormData, Depends(submitted)]
Id = UUID


def text_of(form: FormData, name: str, default: str = "") -> str:
    """A field as it was typed, without spaces around it."""
    given = form.get(name, default)
    return given.strip() if isinstance(given, str) else default


def texts_of(form: FormData, name: str) -> list[str]:
    """Every value of a field that may be there several times."""
    return [given.strip() for given in form.getlist(name) if isinstance(given, str)]


def whole_number(form: FormData, name: str) -> int:
    """A number that the page itself wrote, 0 where it is none any more."""
    text = text_of(form, name)
    return int(text) if text.isdecimal() else 0


async def _clinic(request: Request, person: Person, services: Services) -> dict[str, Any] | Missing:
    """The settings of the person's clinic, at most half a minute old; empty ones where none were made yet."""
    kept: dict[str, tuple[float, dict[str, Any]]] = request.app.state.clinics
    found = kept.get(person.clinic_id)
    if person.clinic_id and found is not None and found[0] > time.monotonic():
        return found[1]
    try:
        clinic = await attempt(services.get("invoicing", "/v1/clinic"))
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return _NO_CLINIC
    if isinstance(clinic, Missing):
        return found[1] if found is not None else clinic
    if len(kept) >= CLINICS_MAX:
        kept.clear()
    kept[person.clinic_id] = (time.monotonic() + CLINIC_SECONDS, clinic)
    return dict(clinic)


def signed_out_page(
    request: Request, cause: str, again: Sequence[tuple[str, str]] = (), *, name: str = "signed_out.html"
) -> Response:
    """The page of nobody, or a part of one: where to sign in, why one is not, what was typed as the session ended."""
    language = language_of(request.session.get("language"), *accepted(request.headers.get("accept-language", "")))
    context = {
        "t": lambda english, **parts: say(language, english, **parts),
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "cause": cause,
        "again": again,
        "path": request.url.path,
    }
    return HTMLResponse(_pages.get_template(name).render(context))


def forget_clinic(desk: Desk) -> None:
    """Read the clinic's settings anew: they were changed here."""
    desk.request.app.state.clinics.pop(desk.person.clinic_id, None)


def same_money(one: Money | None, other: Money | None) -> bool:
    """Whether two amounts are equal, however they are written."""
    return minor(one) == minor(other)


def by_id(items: list[Mapping[str, Any]], name: str = "id") -> dict[str, Mapping[str, Any]]:
    """Items by their ids."""
    return {str(item[name]): item for item in items}
