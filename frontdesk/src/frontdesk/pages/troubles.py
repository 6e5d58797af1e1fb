"""What is shown instead of a page that cannot be: no such thing, refused, a service that does not answer."""

from __future__ import annotations

import httpx
from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from frontdesk.clients import Refused, TokenRefused, Unreachable
from frontdesk.desk import Desk, FormOfAnotherClinic, Notice, desk_of, read_form, signed_out_page
from frontdesk.kept_forms import OWN, fields_sent
from frontdesk.signing_in import SignInNeeded, path_of, signed_in

NOT_FOUND, FORBIDDEN = 404, 403
_OF_ANOTHER = "Sign in at that clinic to send it. This is what was typed:"


async def sign_in_needed(request: Request, _: Exception) -> Response:
    """Nobody is signed in any more: what was typed stays on the page that asked for a part of it, or is sent again."""
    if request.headers.get("hx-request"):
        return signed_out_page(request, "ended", name="part_signed_out.html")
    if request.method == "POST":
        sent: FormData | None = getattr(request.state, "sent", None)
        if again := fields_sent(await read_form(request) if sent is None else sent):
            return signed_out_page(request, "ended", again)
    return RedirectResponse(str(httpx.URL("/sign-in", params={"to": path_of(request)})), 303)


async def token_refused(request: Request, trouble: Exception) -> Response:
    """The session lasts, and its token does not, as after keys were changed."""
    request.session.pop("access", None)
    return await sign_in_needed(request, trouble)


async def not_our_form(request: Request, _: Exception) -> Response:
    """A form of another session, as after signing out and in again in another tab: shown, to be sent again or not."""
    return await _shown(request, "This page is older than your session.", FORBIDDEN)


async def of_another_clinic(request: Request, trouble: Exception) -> Response:
    """A form of a clinic that one is not signed in at any more: it is not for this one, whatever stands in it."""
    assert isinstance(trouble, FormOfAnotherClinic)  # noqa: S101 - what this is registered for
    try:
        desk: Desk = await desk_of(request, await signed_in(request))
    except (SignInNeeded, Refused, TokenRefused):
        return PlainTextResponse(_OF_ANOTHER, FORBIDDEN)
    text = desk.t("This form is of another clinic, and was not sent: {clinic}", clinic=trouble.name)
    typed = [value for name, value in fields_sent(request.state.sent) if name not in OWN and value.strip()]
    request.state.sent = None
    notice = Notice(text, "refused", desk.t(_OF_ANOTHER), rest=typed)
    if desk.partial:
        return desk.page("part_trouble.html", status=FORBIDDEN, notice=Notice(text, "refused"))
    return desk.page("trouble.html", status=FORBIDDEN, notice=notice, heading=desk.t("This form is of another clinic."))


async def no_such_page(request: Request, _: Exception) -> Response:
    """An address that leads nowhere."""
    return await _shown(request, "There is no such page.", NOT_FOUND)


async def unreachable(request: Request, trouble: Exception) -> Response:
    """All that a page is about lies with a service that does not answer."""
    return await _shown(request, "The page cannot be shown right now.", 503, trouble)


async def refused(request: Request, trouble: Exception) -> Response:
    """A service refused to show what a page is about."""
    assert isinstance(trouble, Refused)  # noqa: S101 - what this is registered for
    known = {FORBIDDEN: "You may not see this.", NOT_FOUND: "There is no such thing, or not yet."}
    status = trouble.status if trouble.status in known else 502
    return await _shown(request, known.get(trouble.status, "The page cannot be shown right now."), status, trouble)


async def _shown(request: Request, english: str, status: int, trouble: Exception | None = None) -> Response:
    try:
        desk: Desk = await desk_of(request, await signed_in(request))
    except (SignInNeeded, Refused, TokenRefused):
        return PlainTextResponse(english, status)
    told = desk.told(trouble) if isinstance(trouble, Refused | Unreachable) else None
    notice = Notice(desk.t(english), "trouble", told.text if told else "", trace_id=told.trace_id if told else "")
    if desk.partial:
        return desk.page("part_trouble.html", status=status, notice=notice)
    sent: FormData | None = getattr(request.state, "sent", None)
    # Whose form it is, is sure where the browser says what site it comes from; another site's was refused before.
    again = fields_sent(sent) if sent is not None and "origin" in request.headers else []
    return desk.page("trouble.html", status=status, notice=notice, heading=desk.t(english), again=again)
