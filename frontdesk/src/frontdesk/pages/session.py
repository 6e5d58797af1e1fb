"""Signing out, and the language of the pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from frontdesk.desk import Submitted, signed_out_page, text_of
from frontdesk.signing_in import own_path, provider_of
from frontdesk.words import LANGUAGES

router = APIRouter()


@router.post("/sign-out")
async def sign_out(request: Request, _: Submitted) -> Response:
    """End the session, here and at the provider."""
    where = await provider_of(request).leaving(str(request.session.get("id_token", "")))
    language = request.session.get("language")
    request.session.clear()
    request.session.update({"language": language} if language else {})
    return RedirectResponse(where, 303)


@router.get("/signed-out", name="signed_out")
async def signed_out(request: Request) -> Response:
    """Nobody is signed in here any more, or nobody could be."""
    return signed_out_page(request, str(request.session.pop("cause", "")))


@router.post("/language")
async def choose_language(request: Request, form: Submitted) -> Response:
    """Have the pages in another language from now on."""
    chosen = text_of(form, "language")
    if chosen in LANGUAGES:
        request.session["language"] = chosen
    return RedirectResponse(own_path(text_of(form, "to", "/")), 303)
