"""The clinic's settings that only payments needs: how much one person refunds alone (`ALL-5`)."""

from __future__ import annotations

from typing import Annotated

from chassis.http import Invalid, Page, Paging, problems
from fastapi import APIRouter, Depends, Response

from payments.http.clinic_requests import SettingsIn
from payments.http.clinic_responses import SettingsOut
from payments.http.scopes import SettingsRead, SettingsWrite
from payments.persistence.payment_settings import VERSIONS
from payments.use_cases.change_settings import ChangeSettings, change_settings

router = APIRouter(prefix="/v1/settings", tags=["settings"])


@router.get("", response_model=SettingsOut)
async def get_settings(read: SettingsRead) -> Response:
    """The settings; those of version 0, without a limit, where none were ever made."""
    async with read as connection:
        latest = await VERSIONS.latest(connection, read.clinic_id)
    return read.answer(SettingsOut.of(latest), etag=latest.version if latest else 0)


@router.get("/versions", response_model=Page[SettingsOut], responses=problems(422))
async def get_settings_versions(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """Every version that there was, the latest first: what it said, who made it, when and why (`ALL-5`)."""
    before = paging.after_value(int)
    async with read as connection:
        found = await VERSIONS.versions(connection, read.clinic_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda version: (version.version,), SettingsOut.of))


@router.put("", response_model=SettingsOut, responses=problems(409, 412, 422, 428))
async def put_settings(body: SettingsIn, change: SettingsWrite) -> Response:
    """Change them, on the version that was read (If-Match), for a reason; every version stays, with who and why."""
    limit = body.refund_limit.to_money("refund_limit") if body.refund_limit else None
    if limit is not None and limit.minor < 0:
        raise Invalid("refund_limit.amount", "must not be below zero")
    command = ChangeSettings(change.if_match(), limit, body.reason)
    async with change as work:
        saved = await change_settings(work, command)
        return change.answer(200, SettingsOut.of(saved), etag=saved.version)
