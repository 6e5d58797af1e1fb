"""Files that are read slowly are few, and together no larger than the folder that they lie in (`ALL-4`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest
from chassis.http import exports
from chassis.http.exports import Export, Exports
from chassis.http.problems import ProblemError
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness

A, B, C = new_id(), new_id(), new_id()
PART = 50


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "KEPT_BYTES_MAX", 400)
    monkeypatch.setattr(exports, "KEPT_OF_CLINIC_BYTES_MAX", 200)


class Files:
    """Files that are made, and that nobody has read to their end yet."""

    def __init__(self) -> None:
        self.exports = Exports(pool_size=10, line_seconds=2.0)
        self.kept: list[Export] = []

    async def made(self, clinic_id: UUID, size: int) -> Export:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(0, size, PART):
                yield b"x" * PART

        async with self.exports.making(clinic_id) as export:
            await export.write(parts())
        self.kept.append(export)
        return export

    async def refused(self, clinic_id: UUID, size: int) -> tuple[int, bool]:
        """With which status, and whether it may be asked for again."""
        with pytest.raises(ProblemError) as refusal:
            await self.made(clinic_id, size)
        return refusal.value.problem.status, "Retry-After" in refusal.value.headers


@pytest.fixture
def files() -> Iterator[Files]:
    made = Files()
    yield made
    for export in made.kept:
        export.close()


@pytest.mark.rule("ALL-4.3")
async def test_files_that_are_read_have_only_so_many_bytes_together(files: Files) -> None:
    """It was a number: 32 readers of a journal of 25 MB held 800 MB, which lie in memory where the folder does."""
    first, second = await files.made(A, 150), await files.made(B, 150)
    assert await files.refused(A, 100) == (429, True)
    assert await files.refused(C, 150) == (503, True)
    first.close()
    third = await files.made(C, 150)
    assert (first.size, second.size, third.size) == (0, 150, 150)


@pytest.mark.rule("ALL-4.3")
async def test_what_was_begun_and_refused_leaves_its_room(files: Files) -> None:
    kept = [await files.made(A, 150), await files.made(B, 150)]
    assert await files.refused(C, 150) == (503, True)
    assert (await files.made(C, 100)).size == 100
    assert [one.size for one in kept] == [150, 150]


async def test_a_file_longer_than_any_may_be_is_refused_for_good(harness: ServiceHarness) -> None:
    async with harness.client("books:read") as client:
        answer = await client.get("/v1/books.csv?lines=3")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "request")
        assert "longer than one may be" in answer.json()["errors"][0]["detail"]
        assert (await client.get("/v1/books.csv?lines=0")).content == b"title\r\n"
