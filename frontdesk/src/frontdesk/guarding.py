"""What every answer says to the browser, and which requests are refused: other sites', other people's, too large."""

from __future__ import annotations

import hmac
import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from chassis.http.connection import end_early
from chassis.http.problems import INTERNAL, problem_response
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from frontdesk.keeping import Full, Room, Share, TooLong

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'{provider}; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; "
    "manifest-src 'self'"
)
"""No script but the files of `static/`, none inside a page, no host but this one; a form may lead to the provider."""
API = "/api"
"""Where the services' APIs are, which bound what they take themselves (`api`)."""
FORM_BYTES_MAX = 2_000_000
"""A form with all that is in it: lines of an invoice, a logo."""
FORMS_BYTES_MAX = 32 * FORM_BYTES_MAX
"""What forms have together that are being taken in, each with more than `IN_MEMORY_BYTES`, signed in or not."""
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
_OURS = {"same-origin", "none"}


log = structlog.get_logger(__name__)


class Guard:
    """ASGI middleware: headers of every answer; what another site asks for is refused (403), so is too much (413, 503).

    An error that nobody foresaw is told without its detail: in a problem document below `API`, else in a sentence.
    """

    def __init__(self, app: ASGIApp, *, public_url: str, provider_url: str, forms: Room) -> None:
        self._app, self._forms = app, forms
        self._origin = _origin_of(public_url)
        self._secure = public_url.startswith("https://")
        self._policy = POLICY.format(provider=f" {_origin_of(provider_url)}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._write(MutableHeaders(scope=message))
                end_early(scope, message)
            await send(message)

        if scope["method"] in CHANGING and not self._from_here(Request(scope)):
            await PlainTextResponse("This was asked for by another site.", 403)(scope, receive, sent)
            return
        try:
            with Share(self._forms) as share:
                await self._app(scope, receive if _is_api(scope) else _measured(receive, share), sent)
        except TooLong:
            await PlainTextResponse("This form is too large.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)(
                scope, receive, sent
            )
        except Full:
            await PlainTextResponse(
                "Too much is being sent at the moment. Go back, and send it again.",
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"Retry-After": "1"},
            )(scope, receive, sent)
        except Exception as error:
            if begun:
                raise
            log.error("request_failed", exc_info=error)
            await _unforeseen(scope)(scope, receive, sent)

    def _from_here(self, request: Request) -> bool:
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None and site not in _OURS:
            return False
        return origin in (None, self._origin)

    def _write(self, headers: MutableHeaders) -> None:
        headers.setdefault("Content-Security-Policy", self._policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        headers.setdefault("Cache-Control", "no-store")
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"


def _is_api(scope: Scope) -> bool:
    return str(scope["path"]).startswith(f"{API}/")


def _measured(receive: Receive, share: Share) -> Receive:
    """The same, while there is room for what comes: raises TooLong or Full else."""

    async def measured() -> Message:
        message = await receive()
        share.grow(len(message.get("body", b"")), FORM_BYTES_MAX)
        return message

    return measured


def _unforeseen(scope: Scope) -> Response:
    if _is_api(scope):
        return problem_response(INTERNAL)
    return PlainTextResponse("This cannot be shown right now.", HTTPStatus.INTERNAL_SERVER_ERROR)


def form_token(session: dict[str, Any]) -> str:
    """What every form of this session carries, made when first asked for."""
    return str(session.setdefault("form_token", secrets.token_urlsafe(24)))


def is_own_form(session: dict[str, Any], given: str) -> bool:
    """Whether a form was made for this session (`form_token`)."""
    return hmac.compare_digest(str(session.get("form_token", "")), given) and bool(given)


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
