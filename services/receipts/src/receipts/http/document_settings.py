"""How a clinic wants its documents."""

from __future__ import annotations

from typing import Annotated

from chassis.http import Change, Changing, Read, Reading, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from receipts.http.schemas import DocumentSettingsIn, DocumentSettingsOut
from receipts.persistence.document_settings import settings_of
from receipts.use_cases.change_document_settings import ChangeDocumentSettings, change_document_settings

router = APIRouter(tags=["settings"])


@router.get("/v1/document-settings", response_model=DocumentSettingsOut)
async def get_document_settings(read: Annotated[Read, Depends(Reading("settings:read"))]) -> Response:
    """The settings; the defaults, of version 0, where none were saved."""
    async with read as connection:
        settings = (await settings_of(connection, [read.clinic_id]))[read.clinic_id]
    return read.answer(DocumentSettingsOut.of(settings), etag=settings.version)


@router.put("/v1/document-settings", response_model=DocumentSettingsOut, responses=problems(412, 422))
async def put_document_settings(
    body: DocumentSettingsIn, change: Annotated[Change, Depends(Changing("settings:write"))]
) -> Response:
    """Change them, on the version that was read (If-Match); documents frozen before stay as they are."""
    command = ChangeDocumentSettings(
        paper=body.paper,
        show_note=body.show_note,
        show_procedures=body.show_procedures,
        expected=change.if_match(),
    )
    async with change as work:
        settings = await change_document_settings(work, command)
        return change.answer(200, DocumentSettingsOut.of(settings), etag=settings.version)
