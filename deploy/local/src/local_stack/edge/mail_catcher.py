"""An SMTP server that delivers nothing: every mail is kept, and shown over HTTP as JSON and as a page."""

from __future__ import annotations

from html import escape
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local_stack.edge.mailbox import Mail, Mailbox

PAGE_MAX = 200

_MAIL_BYTES_MAX = 33_554_432


class _Keeper:
    """Accepts every mail that comes, once it is on disk."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        number = self._mailbox.keep(content, list(envelope.rcpt_tos))
        return f"250 2.0.0 kept as {number}"


def smtp_protocol(mailbox: Mailbox) -> SMTP:
    """What talks to one SMTP client."""
    return SMTP(_Keeper(mailbox), data_size_limit=_MAIL_BYTES_MAX, enable_SMTPUTF8=True, hostname="mail.localhost")


def mail_routes(mailbox: Mailbox) -> list[Route]:
    """`/` for people; `/mails?to=&before=&limit=`, `/mails/{id}`, its `.eml` and its attachments for programs."""

    async def page(request: Request) -> Response:
        return HTMLResponse(_page(_listed(mailbox, request), len(mailbox.numbers)))

    async def listing(request: Request) -> Response:
        items = [mail.shown() for mail in _listed(mailbox, request)]
        return JSONResponse({"count": len(mailbox.numbers), "items": items})

    async def one(request: Request) -> Response:
        number = _number(mailbox, request)
        message = mailbox.message(number)
        body: Any = message.get_body(("html", "plain"))
        content = body.get_content() if body is not None else ""
        kind = body.get_content_type() if body is not None else "text/plain"
        # A mail is somebody else's text: it may not run scripts or load anything.
        return Response(content, media_type=kind, headers={"Content-Security-Policy": "sandbox; default-src 'none'"})

    async def raw(request: Request) -> Response:
        return Response(mailbox.file(_number(mailbox, request)).read_bytes(), media_type="message/rfc822")

    async def attachment(request: Request) -> Response:
        parts = list(mailbox.message(_number(mailbox, request)).iter_attachments())
        position = int(request.path_params["position"])
        if position >= len(parts):
            raise HTTPException(404)
        content = parts[position].get_payload(decode=True)
        return Response(content if isinstance(content, bytes) else b"", media_type=parts[position].get_content_type())

    return [
        Route("/", page),
        Route("/mails", listing),
        Route("/mails/{number:int}.eml", raw),
        Route("/mails/{number:int}", one),
        Route("/mails/{number:int}/attachments/{position:int}", attachment),
    ]


def _listed(mailbox: Mailbox, request: Request) -> list[Mail]:
    try:
        limit = min(int(request.query_params.get("limit", PAGE_MAX)), PAGE_MAX)
        before = int(request.query_params["before"]) if "before" in request.query_params else None
    except ValueError as error:
        raise HTTPException(400, "limit and before are numbers") from error
    found = mailbox.newest_first(before=before, to=request.query_params.get("to"))
    return [mail for mail, _ in zip(found, range(limit), strict=False)]


def _number(mailbox: Mailbox, request: Request) -> int:
    number = int(request.path_params["number"])
    if not mailbox.file(number).exists():
        raise HTTPException(404)
    return number


def _page(mails: list[Mail], count: int) -> str:
    rows = "\n".join(_row(mail) for mail in mails)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mails</title><style>
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 2rem; color: #1c2733 }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #dde3ea; vertical-align: top }}
</style></head><body><h1>Caught mails: {count}</h1>
<p>Nothing was delivered. The newest {len(mails)} are shown; programs read <a href="/mails">/mails</a>.</p>
<table><thead><tr><th>#</th><th>To</th><th>Subject</th><th>Date</th><th>Attached</th></tr></thead>
<tbody>{rows}</tbody></table></body></html>"""


def _row(mail: Mail) -> str:
    attached = ", ".join(
        f'<a href="/mails/{mail.id}/attachments/{position}">{escape(each.name)}</a>'
        for position, each in enumerate(mail.attachments)
    )
    cells = (
        f'<a href="/mails/{mail.id}.eml">{mail.id}</a>',
        escape(", ".join(mail.to)),
        f'<a href="/mails/{mail.id}">{escape(mail.subject)}</a>',
        escape(mail.date),
        attached,
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
