"""The front desk as an ASGI application."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

import httpx
from chassis.http.tracing import Tracing
from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response

from frontdesk import api, signing_in
from frontdesk.clients import SERVICES, Refused, TokenRefused, Unreachable
from frontdesk.clients.carrier import Carrier, no_cookies
from frontdesk.desk import FormOfAnotherClinic, NotOurForm
from frontdesk.guarding import FORMS_BYTES_MAX, Guard
from frontdesk.keeping import Room
from frontdesk.pages import (
    credit,
    day,
    documents,
    invoice,
    invoice_form,
    overview,
    patient,
    patients,
    payment,
    payment_form,
    plan,
    reversals,
    session,
    settings_clinic,
    settings_documents,
    settings_groups,
    settings_notifications,
    settings_price_lists,
    settings_prices,
    settings_taxes,
    settings_templates,
    settings_webhooks,
    troubles,
)
from frontdesk.sealing import Seal, SealedSession
from frontdesk.settings import FrontDeskSettings
from frontdesk.signing_in import Provider, SignInNeeded

ASSET_SECONDS = 31_536_000
COMPRESSED_BYTES_MIN = 700
_NAME = re.compile(r"(?:vendor/)?[a-z0-9][\w.-]*")
_TYPES = {"js": "text/javascript", "css": "text/css", "woff2": "font/woff2", "svg": "image/svg+xml"}
PAGES = (
    session,
    patients,
    patient,
    credit,
    payment,
    invoice_form,
    invoice,
    payment_form,
    reversals,
    plan,
    documents,
    day,
    overview,
    settings_groups,
    settings_notifications,
    settings_clinic,
    settings_documents,
    settings_templates,
    settings_prices,
    settings_price_lists,
    settings_taxes,
    settings_webhooks,
)


def build_app(settings: FrontDeskSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """The application; `transport` carries its requests to the services, the network by default."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        patience = httpx.Timeout(settings.answer_seconds, connect=2.0)
        async with (
            httpx.AsyncClient(timeout=patience, cookies=no_cookies(), transport=transport or Carrier()) as http,
            api.client(transport) as passing_on,
        ):
            app.state.http, app.state.api = http, passing_on
            yield

    app = FastAPI(title="Front desk", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.provider = Provider(settings)
    app.state.clinics = {}
    app.state.places = Counter()
    app.state.bodies = Room(api.BODIES_BYTES_MAX)
    app.state.answers = Room(api.ANSWERS_BYTES_MAX)
    app.state.forms = Room(FORMS_BYTES_MAX)
    app.state.urls = {name: getattr(settings, f"{name}_url") for name in SERVICES}
    app.include_router(api.router)
    app.include_router(signing_in.router)
    for page in PAGES:
        app.include_router(page.router)
    _own_routes(app)
    _troubles(app)
    seal = Seal(settings.session_secret.get_secret_value(), settings.session_hours * 3_600)
    app.add_middleware(SealedSession, seal=seal, secure=settings.secure)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_BYTES_MIN, compresslevel=5)
    app.add_middleware(
        Guard,
        public_url=settings.public_url,
        provider_url=settings.provider_public_url or settings.provider_url,
        forms=app.state.forms,
    )
    app.add_middleware(Tracing)
    return app


def _own_routes(app: FastAPI) -> None:
    @app.get("/health/live")
    @app.get("/health/ready")
    async def healthy() -> Response:
        """It keeps nothing, so it is ready when it runs."""
        return JSONResponse({"status": "ok"})

    @app.get("/static/{digest}/{name:path}")
    async def static(name: str, digest: str) -> Response:
        """A file of the pages, to be kept for good: its address is made of what is in it."""
        found = files("frontdesk").joinpath("static", *name.split("/"))
        if not digest.isalnum() or not _NAME.fullmatch(name) or not found.is_file():
            raise HTTPException(404)
        kind = _TYPES.get(name.rpartition(".")[2], "text/plain")
        kept = f"public, max-age={ASSET_SECONDS}, immutable"
        return Response(found.read_bytes(), media_type=kind, headers={"Cache-Control": kept})


def _troubles(app: FastAPI) -> None:
    app.exception_handler(SignInNeeded)(troubles.sign_in_needed)
    app.exception_handler(TokenRefused)(troubles.token_refused)
    app.exception_handler(NotOurForm)(troubles.not_our_form)
    app.exception_handler(FormOfAnotherClinic)(troubles.of_another_clinic)
    app.exception_handler(Refused)(troubles.refused)
    app.exception_handler(Unreachable)(troubles.unreachable)
    app.exception_handler(HTTPException)(troubles.no_such_page)
    app.exception_handler(404)(troubles.no_such_page)
    app.exception_handler(RequestValidationError)(troubles.no_such_page)
