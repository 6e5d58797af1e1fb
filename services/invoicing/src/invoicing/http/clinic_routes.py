"""A clinic's settings: read, and replaced as a whole (`INV-11`)."""

from __future__ import annotations

from typing import Annotated

from chassis.http import Change, Changing, PreconditionRequired, Read, Reading, problems
from chassis.http.problems import NOT_FOUND, ProblemError
from fastapi import APIRouter, Depends
from starlette.responses import Response

from invoicing.http.clinic_schemas import ClinicIn, ClinicOut
from invoicing.persistence import clinics
from invoicing.use_cases.configure_clinic import ConfigureClinic, configure_clinic

router = APIRouter(tags=["clinic"])


@router.get("/v1/clinic", response_model=ClinicOut, responses=problems(404), summary="Read the clinic's settings")
async def get_clinic(read: Annotated[Read, Depends(Reading("settings:read"))]) -> Response:
    """The settings of the token's clinic, with their version as ETag; 404 where there are none yet."""
    async with read as connection:
        found = await clinics.find_many(connection, [read.clinic_id])
    if read.clinic_id not in found:
        raise ProblemError(NOT_FOUND, "the clinic has no settings yet")
    settings = found[read.clinic_id]
    return read.answer(ClinicOut.of(settings), etag=settings.version)


@router.put(
    "/v1/clinic",
    response_model=ClinicOut,
    responses=problems(409, 412, 422, 428),
    summary="Set or change the clinic's settings",
)
async def put_clinic(body: ClinicIn, change: Annotated[Change, Depends(Changing("settings:write"))]) -> Response:
    """Replace the settings as a whole. The first time If-Match may be left out, afterwards it may not (`ALL-3`).

    The other services learn the settings by event.
    """
    async with change as work:
        settings = await configure_clinic(work, ConfigureClinic(body.settings(change.clinic_id), _replaced(change)))
        return change.answer(200, ClinicOut.of(settings), etag=settings.version)


def _replaced(change: Change) -> int | None:
    try:
        return change.if_match()
    except PreconditionRequired:
        return None
