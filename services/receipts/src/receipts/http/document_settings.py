"""How a clinic wants its documents."""

from __future__ import annotations

from typing import Annotated

from chassis.http import Page, Paging, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from receipts.http.document_settings_requests import DocumentSettingsIn
from receipts.http.document_settings_responses import (
    DocumentSettingsOut,
    DocumentSettingsVersionOut,
    PaymentDetailsOut,
)
from receipts.http.scopes import ReceiptsRead, SettingsRead, SettingsWrite
from receipts.persistence.document_settings import VERSIONS, settings_of
from receipts.use_cases.change_document_settings import ChangeDocumentSettings, change_document_settings

router = APIRouter(tags=["settings"])


@router.get("/v1/document-settings", response_model=DocumentSettingsOut)
async def get_document_settings(read: SettingsRead) -> Response:
    """The settings; the defaults, of version 0, where none were saved."""
    async with read as connection:
        settings = (await settings_of(connection, [read.clinic_id]))[read.clinic_id]
    return read.answer(DocumentSettingsOut.of(settings), etag=settings.version)


@router.get("/v1/payment-details", response_model=PaymentDetailsOut)
async def get_payment_details(read: ReceiptsRead) -> Response:
    """How the clinic is paid, for who asks for money in its name; all null where it does not say."""
    async with read as connection:
        settings = (await settings_of(connection, [read.clinic_id]))[read.clinic_id]
    return read.answer(PaymentDetailsOut.named(settings))


@router.get("/v1/document-settings/versions", response_model=Page[DocumentSettingsVersionOut], responses=problems(422))
async def get_document_settings_versions(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """Every version that was saved, the latest first: what it said, who made it, when and why (`ALL-5`)."""
    before = paging.after_value(int)
    async with read as connection:
        found = await VERSIONS.versions(connection, read.clinic_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.version,), DocumentSettingsVersionOut.of_version))


@router.put("/v1/document-settings", response_model=DocumentSettingsOut, responses=problems(412, 422))
async def put_document_settings(body: DocumentSettingsIn, change: SettingsWrite) -> Response:
    """Change them, on the version that was read (If-Match), for a reason; frozen documents stay as they are."""
    command = ChangeDocumentSettings(
        settings=body.to_domain(),
        expected=change.if_match(),
        reason=body.reason,
    )
    async with change as work:
        settings = await change_document_settings(work, command)
        return change.answer(200, DocumentSettingsOut.of(settings), etag=settings.version)
