"""What documents would look like, before settings are saved."""

from __future__ import annotations

from chassis.http import problems
from chassis.http.logos import drawn_once
from fastapi import APIRouter, Request
from starlette.responses import Response

from receipts.http.document_preview_requests import DocumentPreviewIn
from receipts.http.pdf import PDF, pdf_answer, waiting
from receipts.http.scopes import SettingsRead
from receipts.use_cases.preview_document import PreviewDocument, preview_document

router = APIRouter(tags=["settings"])


@router.post(
    "/v1/document-previews",
    response_class=Response,
    responses=PDF | problems(404, 409, 422, 503),
    summary="Preview a document",
)
async def post_document_preview(body: DocumentPreviewIn, read: SettingsRead, request: Request) -> Response:
    """A sample of a document as PDF, with the letterhead and settings given: nothing of them is saved (`RCP-6`).

    A logo is drawn as it is when settings are saved, and refused where it cannot be (`RCP-8`). 404 with Retry-After
    while it is being rendered: ask again with the same body.
    """
    logo = await drawn_once(body.letterhead.logo, body.letterhead.logo_svg, read.clinic_id, "letterhead.")
    resources = request.app.state.resources
    command = PreviewDocument(
        clinic_id=read.clinic_id,
        kind=body.kind,
        language=body.language,
        letterhead=body.changed_letterhead(logo),
        settings=body.document_settings(),
        own=body.own_templates(),
        subject=read.subject,
        now=resources.clock.now(),
    )
    document = await preview_document(resources.database, command, waiting(request))
    return pdf_answer(request, document, f"preview-{body.kind}")
