"""A clinic's own templates and texts for its documents, and those that come with the system."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Annotated
from uuid import UUID

from chassis.http import Page, Paging, problems
from chassis.http.problems import NOT_FOUND, ProblemError
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from receipts.documents.catalogs import LANGUAGES, words
from receipts.documents.render.kinds import FRAME, ROLL, TEMPLATES
from receipts.http.document_template_requests import TWO_LETTERS, DocumentTemplatesIn
from receipts.http.document_template_responses import (
    DocumentTemplatesOut,
    DocumentTemplatesVersionOut,
    SystemTemplateOut,
    TemplateFailureOut,
)
from receipts.http.pdf import waiting
from receipts.http.scopes import SettingsRead, SettingsWrite
from receipts.persistence import own_templates
from receipts.persistence.own_templates import VERSIONS
from receipts.use_cases.change_document_templates import ChangeDocumentTemplates, change_document_templates
from receipts.use_cases.try_document_templates import TryDocumentTemplates, try_document_templates

router = APIRouter(tags=["settings"])


@router.get("/v1/document-templates", response_model=DocumentTemplatesOut)
async def get_document_templates(read: SettingsRead) -> Response:
    """What the clinic has of its own; nothing, of version 0, where none were saved."""
    async with read as connection:
        own = await own_templates.in_force(connection, read.clinic_id)
    return read.answer(DocumentTemplatesOut.of(own), etag=own.version)


@router.get(
    "/v1/document-templates/versions", response_model=Page[DocumentTemplatesVersionOut], responses=problems(422)
)
async def get_document_templates_versions(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """Every version that was saved, the latest first: what it said, who made it, when and why (`ALL-5`)."""
    before = paging.after_value(int)
    async with read as connection:
        found = await VERSIONS.versions(connection, read.clinic_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.version,), DocumentTemplatesVersionOut.of_version))


@router.get("/v1/document-templates/failures", response_model=Page[TemplateFailureOut], responses=problems(422))
async def get_document_template_failures(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """The documents of the last 90 days that the system's template made, as the clinic's own failed on them."""
    after = paging.after_of(datetime, UUID, str)
    async with read as connection:
        found = await own_templates.failures(connection, read.clinic_id, after, paging.fetch)
    return read.answer(
        paging.page(found, lambda one: (one.failed_at, one.document_id, one.rendition), TemplateFailureOut.of)
    )


@router.get("/v1/document-templates/system/{kind}", response_model=SystemTemplateOut, responses=problems(404, 422))
async def get_system_template(
    kind: str, read: SettingsRead, language: Annotated[str, Query(pattern=TWO_LETTERS)] = "en"
) -> Response:
    """The template and the texts that come with the system: what one's own begins with.

    404 for what is no kind of document.
    """
    known = next((each for each in TEMPLATES if each == kind), None)
    if known is None:
        raise ProblemError(NOT_FOUND, f"documents are of these kinds: {', '.join(TEMPLATES)}")
    folder = files("receipts.documents") / "templates"
    name = TEMPLATES[known]
    shown = SystemTemplateOut(
        kind=known,
        name=name,
        template=(folder / name).read_text(encoding="utf-8"),
        frame="" if known == ROLL else (folder / FRAME).read_text(encoding="utf-8"),
        texts=dict(words(language if language in LANGUAGES else "en")),
    )
    async with read:
        return read.answer(shown)


@router.put("/v1/document-templates", response_model=DocumentTemplatesOut, responses=problems(404, 409, 412, 422))
async def put_document_templates(body: DocumentTemplatesIn, change: SettingsWrite, request: Request) -> Response:
    """Replace them all, on the version that was read (If-Match), for a reason; frozen documents keep theirs (`RCP-6`).

    Each template that is new makes a sample first, as a preview does, and is refused where it cannot. 404 with
    Retry-After while it is being tried: ask again with the same body.
    """
    own = body.to_domain()
    expected = change.if_match()
    resources = request.app.state.resources
    tried = TryDocumentTemplates(clinic_id=change.clinic_id, own=own, subject=change.subject, now=resources.clock.now())
    await try_document_templates(resources.database, tried, waiting(request))
    command = ChangeDocumentTemplates(own=own, expected=expected, reason=body.reason)
    async with change as work:
        saved = await change_document_templates(work, command)
        return change.answer(200, DocumentTemplatesOut.of(saved), etag=saved.version)
