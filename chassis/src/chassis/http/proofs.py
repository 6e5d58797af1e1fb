"""What lets somebody compare the services with each other: how far each is, and its figures side by side (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from chassis.database.tallies import Tallied, Tally, part_of, some_of
from chassis.http.change import Read, Reading
from chassis.http.paging import Page, Paging
from chassis.http.problems import NotFound, problems
from chassis.messaging.positions import SHOWN_MAX, position_of

IDS_MAX = 50
Operating = Annotated[Read, Depends(Reading("operations"))]
Ids = Annotated[list[UUID], Query(max_length=IDS_MAX, description="Only these, in one part", alias="id")]


class SetAsideMessage(BaseModel):
    """A message of the clinic that is set aside, without its data."""

    id: int
    topic: str
    type: str
    key: Annotated[str, Field(description="What waits behind it has the same: a patient, mostly.")]
    subject: str
    state: Literal["waiting", "dead"]
    reason: str
    attempts: int


class PositionOut(BaseModel):
    """How far the service is with what it announces and hears."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"newest": 48211, "oldest_unpublished": None, "set_aside": []}]}
    )

    newest: Annotated[int, Field(description="Of the outbox: everything committed up to now is at most this.")]
    oldest_unpublished: Annotated[
        int | None, Field(description="Everything of the clinic below is with the broker; null: everything is.")
    ]
    set_aside: Annotated[
        list[SetAsideMessage], Field(description=f"The clinic's, the oldest first, at most {SHOWN_MAX}.")
    ]


class TalliedOut(BaseModel):
    """One thing, and the figures that the service keeps of it; amounts in minor units."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "0197f2c8-0004-7000-8000-000000000002", "figures": {"settled": 12000, "outstanding": 0}}
            ]
        }
    )

    id: UUID
    figures: dict[str, int | bool | str | None]


def proof_router(tallies: Mapping[str, Tally]) -> APIRouter:
    """The routes of a service that keeps these tallies."""
    router = APIRouter(tags=["operations"])

    @router.get("/v1/position", response_model=PositionOut, summary="Read how far the service is")
    async def get_position(read: Operating) -> Response:
        """How far the service is with its streams, and what of the clinic's messages is set aside (`ALL-7`)."""
        async with read as connection:
            found = await position_of(connection, read.clinic_id)
        aside = [SetAsideMessage.model_validate(dict(row._mapping)) for row in found.set_aside]  # noqa: SLF001 - as documented
        body = PositionOut(newest=found.newest, oldest_unpublished=found.oldest_unpublished, set_aside=aside)
        return read.answer(body)

    if tallies:
        _add_tallies(router, tallies)
    return router


def _add_tallies(router: APIRouter, tallies: Mapping[str, Tally]) -> None:
    @router.get(
        "/v1/tallies/{name}",
        response_model=Page[TalliedOut],
        responses=problems(404, 422),
        summary="Read figures to be compared with another service's",
        description=f"What the service keeps of the clinic's {', '.join(tallies)}, by id: to be laid beside what "
        "another service keeps of the same (`ALL-8`).",
    )
    async def list_tally(name: str, read: Operating, paging: Annotated[Paging, Depends()], ids: Ids = []) -> Response:  # noqa: B006 - FastAPI's way to say that it may be left out
        if name not in tallies:
            raise NotFound(f"there is no tally {name}; there are {', '.join(tallies)}")
        after = paging.after_value(UUID)
        async with read as connection:
            if ids:
                found = await some_of(connection, tallies[name], ids)
            else:
                found = await part_of(connection, tallies[name], read.clinic_id, after, paging.fetch)
        return read.answer(paging.page(found, lambda one: (one.id,), _shown))


def _shown(one: Tallied) -> Any:
    return TalliedOut.model_construct(id=one.id, figures=one.figures)
