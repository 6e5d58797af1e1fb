"""A small service of books, declared as every service is, for the tests of what the chassis gives an API."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar
from uuid import UUID

import pytest
import structlog
from chassis.cli import run
from chassis.database import Work
from chassis.http import (
    Change,
    Changing,
    MoneyIn,
    NotFound,
    Page,
    Paging,
    PreconditionFailed,
    Problem,
    Read,
    Reading,
    problems,
    until_known,
)
from chassis.http.spreadsheet import Cell, csv_answer, documented
from chassis.identifiers import new_id
from chassis.messaging import Message, Permanent, Subscription
from chassis.messaging.jobs import Job
from chassis.resources import Resources
from chassis.service import Service
from chassis.testing import ServiceHarness, service_fixture
from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import text

router = APIRouter()
_AT_THE_SHELF = text("SELECT pg_advisory_xact_lock(1, 1)")
_WAITED_FOR = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
    "WHERE locktype = 'advisory' AND NOT granted AND d.datname = current_database()"
)


class TitleTaken(Exception):
    """The shelf has a book of that title."""

    field = "title"

    def __init__(self, first: UUID) -> None:
        super().__init__("a book of that title is on the shelf")
        self.extensions = {"first": str(first)}


class BookIn(BaseModel):
    """A book to be put on the shelf."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=100)]
    pages: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=10)]
    price: MoneyIn | None = None


class BookOut(BaseModel):
    """A book on the shelf."""

    id: UUID
    title: str
    pages: int


def shown(row: Any) -> BookOut:
    return BookOut(id=row.id, title=row.title, pages=row.pages)


@router.post("/v1/books", status_code=201, response_model=BookOut, responses=problems(409, 422))
async def post_book(body: BookIn, change: Annotated[Change, Depends(Changing("books:write"))]) -> Response:
    async with change as work:
        if body.price is not None:
            body.price.to_money("price")
        taken = await work.connection.scalar(text("SELECT id FROM books WHERE title = :title"), {"title": body.title})
        if taken is not None:
            raise TitleTaken(taken)
        if body.title == "slow":
            await work.connection.execute(_AT_THE_SHELF)
        if body.title == "crash":
            raise RuntimeError("a text with Mrs. Miller in it")
        book = BookOut(id=new_id(), title=body.title, pages=sum(body.pages))
        values = {"clinic": work.clinic_id, "at": work.now, **book.model_dump()}
        await work.connection.execute(
            text(
                "INSERT INTO books (id, clinic_id, title, pages, added_at) VALUES (:id, :clinic, :title, :pages, :at)"
            ),
            values,
        )
        return change.answer(201, book, location=f"/v1/books/{book.id}", etag=1)


@router.get("/v1/books", response_model=Page[BookOut])
async def list_books(
    read: Annotated[Read, Depends(Reading("books:read"))], paging: Annotated[Paging, Depends(Paging)]
) -> Page[Any]:
    async with read as connection:
        after = paging.after_value(UUID)
        rows = await connection.execute(
            text("SELECT * FROM books WHERE (CAST(:id AS uuid) IS NULL OR id > :id) ORDER BY id LIMIT :most"),
            {"id": after, "most": paging.fetch},
        )
        return paging.page(rows.all(), key=lambda row: (row.id,), show=shown)


@router.get("/v1/books.csv", response_class=Response, responses=documented("title\r\nx\r\n"))
async def export_books(
    read: Annotated[Read, Depends(Reading("books:read"))], lines: Annotated[int, Query(ge=0, le=1_000)] = 1
) -> Response:
    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with read as connection:
            found = await connection.execute(
                text("SELECT repeat('x', 10000) FROM generate_series(1, :lines)"), {"lines": lines}
            )
            for row in found:
                yield list(row)

    return await csv_answer(read, "books", ["title"], rows())


@router.get("/v1/books/{book_id}", response_model=BookOut, responses=problems(404))
async def get_book(book_id: UUID, read: Annotated[Read, Depends(Reading("books:read"))]) -> Response:
    async def look() -> Any:
        async with read as connection:
            return (await connection.execute(text("SELECT * FROM books WHERE id = :id"), {"id": book_id})).one_or_none()

    row = await until_known(look, seconds=0.1)
    if row is None:
        raise NotFound("no such book", maybe_soon=True)
    return read.answer(shown(row), etag=row.version)


@router.put("/v1/books/{book_id}", response_model=BookOut, responses=problems(404, 412))
async def put_book(
    book_id: UUID, body: BookIn, change: Annotated[Change, Depends(Changing("books:write"))]
) -> Response:
    version = change.if_match()
    async with change as work:
        row = (
            await work.connection.execute(text("SELECT * FROM books WHERE id = :id FOR UPDATE"), {"id": book_id})
        ).one_or_none()
        if row is None:
            raise NotFound("no such book")
        if row.version != version:
            raise PreconditionFailed
        await work.connection.execute(
            text("UPDATE books SET title = :title, pages = :pages, version = version + 1 WHERE id = :id"),
            {"id": book_id, "title": body.title, "pages": sum(body.pages)},
        )
        return change.answer(200, BookOut(id=book_id, title=body.title, pages=sum(body.pages)), etag=version + 1)


class BookArrived(BaseModel):
    """An event of another system: a book to be put on the shelf."""

    event_type: ClassVar[str] = "test.book.arrived.v1"
    topic: ClassVar[str] = "test.books.v1"

    clinic_id: UUID
    occurred_at: AwareDatetime
    title: str

    @property
    def partition_key(self) -> str:
        return str(self.clinic_id)


async def put_arrived(work: Work, messages: Sequence[Message]) -> None:
    for message in messages:
        book = BookArrived.model_validate_json(message.data)
        if book.title == "poison":
            raise Permanent("nobody reads this")
        await work.connection.execute(
            text("INSERT INTO books (id, clinic_id, title, pages, added_at) VALUES (:id, :clinic, :title, 1, :at)"),
            {"id": new_id(), "clinic": book.clinic_id, "title": book.title, "at": work.now},
        )
        work.announce(book, subject=book.clinic_id, sequence=message.sequence)


@asynccontextmanager
async def with_state(resources: Resources) -> AsyncIterator[None]:
    resources.state.counted = 0
    yield


async def count(resources: Resources) -> None:
    resources.state.counted += 1


shelf = Service(
    name="shelf",
    routers=[router],
    problems={TitleTaken: Problem(409, "title-taken", "The title is taken")},
    subscriptions=[Subscription(topic=BookArrived.topic, handlers={BookArrived.event_type: put_arrived})],
    jobs=[Job(name="count", every_seconds=60, run=count)],
    migrations=Path(__file__).with_name("shelf_migrations"),
    lifespan=with_state,
)

harness = service_fixture(shelf)


@dataclass
class HeldShelf:
    """Where a request for a book called `slow` waits, in the middle of its transaction, until it is let go."""

    harness: ServiceHarness
    let_go: Callable[[], None]

    async def waited_for(self) -> bool:
        async with self.harness.database.reading([]) as connection:
            return bool(await connection.scalar(_WAITED_FOR))


@pytest.fixture
async def held_shelf(harness: ServiceHarness) -> AsyncIterator[HeldShelf]:
    held, let_go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with harness.database.transaction([], "test") as work:
            await work.connection.execute(_AT_THE_SHELF)
            held.set()
            await let_go.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    yield HeldShelf(harness, let_go.set)
    let_go.set()
    await holding


Command = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def command(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Runs a command line as a console script would; gives its exit code, what it printed and what it complained of."""
    monkeypatch.setenv("DATABASE_URL", harness.owned.app_url)
    monkeypatch.setenv("MIGRATION_DATABASE_URL", harness.owned.owner_url)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    async def ran(*arguments: str, service: Service | None = None) -> tuple[int, str, str]:
        code = await asyncio.to_thread(run, service or harness.service, arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    yield ran
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()
