"""The page behind the link in a reminder: it is looked at without effect, and a click ends reminders (`NOT-2.5`).

Mail programs fetch links, so GET shows and POST acts (RFC 8058).
"""

from __future__ import annotations

from html import escape
from uuid import UUID

from chassis.http import NotFound
from chassis.resources import Resources
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from notifications.channels.email.texts import FALLBACK, texts_in
from notifications.channels.email.unsubscribing import PATH
from notifications.persistence import queries
from notifications.use_cases.unsubscribe import unsubscribe

router = APIRouter(include_in_schema=False)

ACTOR = "link:unsubscribe"
_PAGE = """<!DOCTYPE html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"></head>
<body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>
"""
_HEADERS = {"Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'; form-action 'self'"}


@router.get(PATH + "{token}")
async def get_unsubscribe(request: Request, token: str) -> Response:
    """What a click would do."""
    clinic_id, message_id = _meant(request, token)
    return await _page(request, clinic_id, message_id, done=False)


@router.post(PATH + "{token}")
async def post_unsubscribe(request: Request, token: str) -> Response:
    """End reminders to that address; whoever posts is a person on the page, or their mail program."""
    clinic_id, message_id = _meant(request, token)
    async with _resources(request).database.transaction([clinic_id], ACTOR) as work:
        await unsubscribe(work, message_id)
    return await _page(request, clinic_id, message_id, done=True)


def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


def _meant(request: Request, token: str) -> tuple[UUID, UUID]:
    links = _resources(request).state.unsubscribe_links
    found: tuple[UUID, UUID] | None = links.message_of(token) if links else None
    if found is None:
        raise NotFound("There is no such link.")
    return found


async def _page(request: Request, clinic_id: UUID, message_id: UUID, *, done: bool) -> Response:
    async with _resources(request).database.reading([clinic_id]) as connection:
        message = await queries.message_with_id(connection, message_id)
    texts = texts_in(message.language if message and message.language else FALLBACK)
    words = texts.unsubscribing
    form = "" if done else f'<form method="post"><button>{escape(words["button"])}</button></form>'
    page = _PAGE.format(
        language=texts.language,
        direction=texts.direction,
        title=escape(words["title"]),
        text=escape(words["done"] if done else words["question"]),
        form=form,
    )
    return HTMLResponse(page, headers=_HEADERS)
