"""The store of documents: bytes by their hash, never overwritten, checked whenever they are read (`RCP-1`).

It may be away, slow or wrong. Each question ends within a bound, and holds no place that another request could work in.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic, perf_counter
from typing import Any, TypeVar
from uuid import UUID

from chassis.http.admission import stepping_out

from chassis import telemetry
from receipts.documents.store.objects import Objects, ObjectsRefused, ObjectsUnmarked, ObjectsUnreachable
from receipts.domain.errors import DocumentDamaged, StoreUnavailable, StoreUnmarked
from receipts.domain.stored_document import KeptDocument, ObjectKey, StoredDocument

T = TypeVar("T")

MARKER = "documents-of-receipts"
"""An object that says what lies here, written into a new store: by it a wrong place is told from a lost object."""
UNTAKEN_SECONDS = 15.0
"""How long a place that took nothing counts as away, though it answers whoever reads: its disk is full or read-only."""
_MARKER_SAYS = b"Documents of receipts, by clinic and SHA-256. Nothing here is ever changed.\n"
_AT_ONCE = 16
_ABSENT = "it is not there"
_OTHERS = "its bytes are not those of its SHA-256"

_asked = telemetry.meter.create_histogram(
    "dental_billing.document_store.duration",
    unit="s",
    description="Questions to the store of documents, by what was asked and how it ended",
    explicit_bucket_boundaries_advisory=telemetry.DURATION_BUCKETS_SECONDS,
)
_damaged = telemetry.meter.create_counter(
    "dental_billing.documents.damaged", unit="{document}", description="Documents read that were gone or other bytes"
)


class DocumentStore:
    """Documents in a folder or bucket; without one (`keeps` is false) they are in the database."""

    def __init__(self, objects: Objects | None, *, timeout_seconds: float) -> None:
        self._objects = objects
        self._timeout_seconds = timeout_seconds
        self._places = asyncio.Semaphore(_AT_ONCE)
        self.trouble: str | None = None
        """Why the last question had no answer; None where it had one."""
        self._untaken: tuple[float, str] | None = None

    @property
    def keeps(self) -> bool:
        """Whether documents are to be kept here."""
        return self._objects is not None

    def require(self) -> None:
        """See that there is one. Raises StoreUnavailable."""
        self._opened()

    async def keep(self, key: ObjectKey, pdf: bytes) -> None:
        """Keep bytes; what is there already stays, and is checked. Raises StoreUnavailable, DocumentDamaged.

        A place that may move is looked at before and after: what is written below a mount point is lost.
        """
        async with self._taking(), self._asking("keep") as objects:
            if objects.moves:
                await _require_marker(objects)
            added = await objects.add(key.path, pdf)
            if objects.moves:
                await _require_marker(objects)
        if not added:
            await self.read(key)

    async def read(self, key: ObjectKey) -> bytes:
        """The bytes, which have this hash. Raises StoreUnavailable, DocumentDamaged."""
        async with self._asking("read") as objects:
            found = await objects.read(key.path)
            if found is None:
                await _require_marker(objects)
        if found is None:
            raise _damage(key, _ABSENT)
        if hashlib.sha256(found).hexdigest() != key.sha256:
            raise _damage(key, _OTHERS)
        return found

    async def document(self, kept: KeptDocument) -> StoredDocument:
        """A document, wherever its bytes are. Raises StoreUnavailable, DocumentDamaged."""
        return StoredDocument(kept.sha256, await self.read(kept.key) if kept.in_store else kept.pdf)

    async def documents(self, kept: Sequence[KeptDocument]) -> list[StoredDocument]:
        """Several documents, in their order. Raises StoreUnavailable, DocumentDamaged."""
        async with stepping_out():  # until the last is there, not the first
            return await together(self.document(document) for document in kept)

    async def remove(self, keys: Sequence[ObjectKey]) -> None:
        """Remove objects, those that are there. Raises StoreUnavailable."""
        async with self._asking("remove") as objects:
            await _require_marker(objects)  # in another place there would be nothing to remove
            await objects.remove([key.path for key in keys])

    async def listed(self, clinic_id: UUID) -> AsyncIterator[list[ObjectKey]]:
        """The keys of a clinic's objects, some at a time. Raises StoreUnavailable."""
        objects = self._opened()
        try:
            async for paths in objects.listed(str(clinic_id)):
                yield [key for path in paths if (key := ObjectKey.of_path(path))]
        except ObjectsUnreachable as fault:
            raise self._away(str(fault)) from None

    async def tidy(self) -> None:
        """Remove what writes that were cut off have left behind. Raises StoreUnavailable."""
        async with self._asking("tidy") as objects:
            await objects.tidy()

    async def mark(self) -> None:
        """Say that what is ours lies here. Raises StoreUnavailable, which says whether waiting helps."""
        async with self._asking("mark") as objects:
            await objects.add(MARKER, _MARKER_SAYS)

    async def check(self) -> None:
        """See that it answers, takes what it is given, and is marked as ours.

        Raises StoreUnavailable, as StoreUnmarked where it is not ours. Nothing is written to see that: what was to be
        kept a moment ago says it.
        """
        if (why := self._not_taken()) is not None:
            raise self._away(why)
        await self._look()

    async def _look(self) -> None:
        async with self._asking("check") as objects:
            await _require_marker(objects)

    async def close(self) -> None:
        """Let go of what is held."""
        if self._objects is not None:
            await self._objects.close()

    def _opened(self) -> Objects:
        if self._objects is None:
            raise StoreUnavailable("this process was told of none (DOCUMENT_STORE_URL)")
        return self._objects

    @asynccontextmanager
    async def _asking(self, what: str) -> AsyncIterator[Objects]:
        """Ask within the bound, while others work in the place of this request. Raises StoreUnavailable."""
        objects, began = self._opened(), perf_counter()
        ended = "failed"
        try:
            async with stepping_out(), asyncio.timeout(self._timeout_seconds), self._places:
                with telemetry.span(f"document store {what}"):
                    yield objects
            self.trouble, ended = self._not_taken(), "well"
        except TimeoutError:
            raise self._away(f"no answer within {self._timeout_seconds:g} s") from None
        except ObjectsUnmarked as fault:
            self.trouble = str(fault)
            raise StoreUnmarked(str(fault)) from None
        except ObjectsUnreachable as fault:
            raise self._away(str(fault), for_good=isinstance(fault, ObjectsRefused)) from None
        finally:
            _asked.record(perf_counter() - began, {"operation": what, "outcome": ended})

    @asynccontextmanager
    async def _taking(self) -> AsyncIterator[None]:
        """Remember for a while that something was not taken, where no look would show it: the place still answers."""
        try:
            yield
        except StoreUnmarked:
            raise
        except StoreUnavailable as refused:
            with suppress(StoreUnavailable):
                await self._look()
                self._untaken, self.trouble = (monotonic(), refused.why), refused.why
            raise
        self._untaken = None

    def _not_taken(self) -> str | None:
        """Why nothing was taken a moment ago; None where something was, or nothing was to be."""
        if self._untaken is None or monotonic() - self._untaken[0] >= UNTAKEN_SECONDS:
            return None
        return self._untaken[1]

    def _away(self, why: str, *, for_good: bool = False) -> StoreUnavailable:
        self.trouble = why
        return StoreUnavailable(why, for_good=for_good)


async def together(questions: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The answers to several questions at once. Raises what the first of them raised, when all have ended."""
    answers = await asyncio.gather(*questions, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]


async def _require_marker(objects: Objects) -> None:
    if await objects.read(MARKER) is None:
        raise ObjectsUnmarked(f"it is not the one that was written to: {MARKER}, which says so, is missing there")


def _damage(key: ObjectKey, what: str) -> DocumentDamaged:
    _damaged.add(1, {"what": "absent" if what == _ABSENT else "other bytes"})
    return DocumentDamaged(key.sha256, what)
