"""The clinic's settings that only payments needs: how much one person refunds alone (`ALL-5`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from chassis.http import (
    Change,
    Changing,
    Invalid,
    MoneyOut,
    Page,
    Paging,
    PreconditionFailed,
    Read,
    Reading,
    problems,
)
from fastapi import APIRouter, Depends, Response

from payments.http.answers import Answer, example_of
from payments.http.clinic_requests import SettingsIn
from payments.http.examples import SETTINGS_EXAMPLE
from payments.persistence import payment_settings
from payments.persistence.payment_settings import PaymentSettings
from payments.use_cases.change_settings import ChangeSettings, SettingsChanged, change_settings

router = APIRouter(prefix="/v1/settings", tags=["settings"])
Looking = Annotated[Read, Depends(Reading("settings:read"))]


class SettingsOut(Answer):
    """The settings in force. Above the limit, of a payment or to a patient in a day, a second person is needed.

    It holds for all that is refunded, withdrawn or cancelled, together (`PAY-15`).
    """

    model_config = example_of(SETTINGS_EXAMPLE)

    refund_limit: MoneyOut | None
    reason: str | None
    changed_at: datetime | None
    changed_by: str | None
    version: int

    @classmethod
    def of(cls, settings: PaymentSettings) -> SettingsOut:
        """The settings."""
        limit = settings.refund_limit
        return cls.model_construct(
            refund_limit=None if limit is None else MoneyOut.of(limit),
            reason=settings.reason,
            changed_at=settings.changed_at,
            changed_by=settings.changed_by,
            version=settings.version,
        )


@router.get("", response_model=SettingsOut)
async def get_settings(read: Looking) -> Response:
    """The settings; those of version 0, without a limit, where none were ever made."""
    async with read as connection:
        settings = await payment_settings.in_force(connection, read.clinic_id)
    return read.answer(SettingsOut.of(settings), etag=settings.version)


@router.get("/versions", response_model=Page[SettingsOut], responses=problems(422))
async def get_settings_versions(read: Looking, paging: Annotated[Paging, Depends()]) -> Response:
    """Every version that there was, the latest first: what it said, who made it, when and why (`ALL-5`)."""
    before = paging.after[0] if paging.after else None
    async with read as connection:
        found = await payment_settings.versions(connection, read.clinic_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.version,), SettingsOut.of))


@router.put("", response_model=SettingsOut, responses=problems(409, 412, 422, 428))
async def put_settings(body: SettingsIn, change: Annotated[Change, Depends(Changing("settings:write"))]) -> Response:
    """Change them, on the version that was read (If-Match), for a reason; every version stays, with who and why."""
    limit = body.refund_limit.to_money("refund_limit") if body.refund_limit else None
    if limit is not None and limit.minor < 0:
        raise Invalid("refund_limit.amount", "must not be below zero")
    command = ChangeSettings(change.if_match(), limit, body.reason)
    async with change as work:
        try:
            settings = await change_settings(work, command)
        except SettingsChanged:
            raise PreconditionFailed from None
        return change.answer(200, SettingsOut.of(settings), etag=settings.version)
