"""A clinic's settings: read, and replaced as a whole (`INV-11`)."""

from __future__ import annotations

from typing import Annotated

from chassis.http import Change, Page, Paging, PreconditionRequired, problems
from chassis.http.logos import drawn_once
from chassis.http.problems import NOT_FOUND, ProblemError
from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from invoicing.http.clinic_requests import ClinicIn
from invoicing.http.clinic_responses import ClinicOut, ClinicVersionOut
from invoicing.http.scopes import SettingsRead, SettingsWrite
from invoicing.persistence import clinics
from invoicing.use_cases.configure_clinic import ConfigureClinic, configure_clinic

router = APIRouter(tags=["clinic"])
VERSION_MAX = 2**31 - 1


@router.get("/v1/clinic", response_model=ClinicOut, responses=problems(404), summary="Read the clinic's settings")
async def get_clinic(read: SettingsRead) -> Response:
    """The settings of the token's clinic, with their version as ETag; 404 where there are none yet."""
    async with read as connection:
        found = await clinics.find_many(connection, [read.clinic_id])
    if read.clinic_id not in found:
        raise ProblemError(NOT_FOUND, "the clinic has no settings yet")
    settings = found[read.clinic_id]
    return read.answer(ClinicOut.of(settings), etag=settings.version)


@router.get(
    "/v1/clinic/versions",
    response_model=Page[ClinicVersionOut],
    responses=problems(422),
    summary="List the versions of the clinic's settings",
)
async def get_clinic_versions(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """Every version that there was, the latest first: who made it, when and why (`ALL-5`)."""
    before = paging.after_value(int)
    async with read as connection:
        found = await clinics.VERSIONS.changes(connection, read.clinic_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda change: (change.version,), ClinicVersionOut.of))


@router.get(
    "/v1/clinic/versions/{version}",
    response_model=ClinicOut,
    responses=problems(404, 422),
    summary="Read the clinic's settings as a version had them",
)
async def get_clinic_version(version: Annotated[int, Path(ge=1, le=VERSION_MAX)], read: SettingsRead) -> Response:
    """The settings as they were."""
    async with read as connection:
        settings = await clinics.VERSIONS.at_version(connection, read.clinic_id, version)
    if settings is None:
        raise ProblemError(NOT_FOUND, "there is no such version of the settings")
    return read.answer(ClinicOut.of(settings))


@router.put(
    "/v1/clinic",
    response_model=ClinicOut,
    responses=problems(409, 412, 422, 428, 503),
    summary="Set or change the clinic's settings",
)
async def put_clinic(body: ClinicIn, change: SettingsWrite) -> Response:
    """Replace the settings as a whole. The first time If-Match may be left out, afterwards it may not (`ALL-3`).

    A change has a reason; a clinic's first settings replace nothing (`ALL-5`). The other services learn them by event.
    The logo is drawn now, within limits, and refused where it cannot be (`RCP-8`).
    """
    drawn_logo = await drawn_once(body.logo, body.logo_svg, change.clinic_id)
    async with change as work:
        present = (await clinics.find_many(work.connection, [change.clinic_id])).get(change.clinic_id)
        wanted = body.settings(change.clinic_id, drawn_logo, present)
        command = ConfigureClinic(wanted, _replaced(change), body.reason)
        settings = await configure_clinic(work, command)
        return change.answer(200, ClinicOut.of(settings), etag=settings.version)


def _replaced(change: Change) -> int | None:
    try:
        return change.if_match()
    except PreconditionRequired:
        return None
