"""Files made of many rows: written at full speed, in few transactions at once, and only then sent at the reader's.

So a reader that takes its time keeps a file waiting, and no connection of the database. Few are made at once, of a
clinic one, and few are kept, with so many bytes together, so that neither the pool nor the disk is one reader's
(`ALL-4`).
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import IO
from uuid import UUID
from weakref import WeakSet

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis.http.admission import Admission, stepping_out
from chassis.http.problems import OVERLOADED, TOO_MANY_REQUESTS, Invalid, Problem, ProblemError

KEPT_MAX, KEPT_OF_CLINIC_MAX = 64, 32
"""The most files that a process is sending at once, and of them one clinic's."""
KEPT_BYTES_MAX, KEPT_OF_CLINIC_BYTES_MAX = 256 * 1024 * 1024, 128 * 1024 * 1024
"""The most that they are together, those that are being made included: where the folder lies in memory, it is that."""

_POOL_SHARE = 5
"""One in so many connections of the pool makes files."""
_PATIENCE = 10
"""Who waits for a file waits for so many times what another request may stand in line."""
_IN_MEMORY_BYTES = 262_144
_SENT_AT_ONCE_BYTES = 65_536
_PAUSE_SECONDS_MAX = 0.02
_RETRY_SECONDS = "10"


class Export:
    """One file, on its way to its reader; it is gone once nobody has it any more."""

    def __init__(self, clinic_id: UUID, require_room: Callable[[Export, int], None]) -> None:
        self.clinic_id = clinic_id
        self._require_room = require_room
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - outlives this
        self.size = 0
        """How much of it is kept."""

    async def write(self, parts: AsyncIterable[bytes]) -> None:
        """Write it down, whole, in half of the time that there is: others are answered meanwhile.

        Raises ProblemError (422, 429, 503), as soon as there is no room for the rest.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        async for part in parts:
            self._require_room(self, len(part))
            self.size += self._file.write(part)
            await asyncio.sleep(min(loop.time() - begun, _PAUSE_SECONDS_MAX))
            begun = loop.time()
        self._file.seek(0)

    def read(self) -> bytes:
        """What is to be sent next; nothing in the end."""
        return self._file.read(_SENT_AT_ONCE_BYTES)

    def close(self) -> None:
        """Remove it."""
        self._file.close()
        self.size = 0


class Exports:
    """The files of a process."""

    def __init__(self, pool_size: int, line_seconds: float) -> None:
        places = max(1, pool_size // _POOL_SHARE)
        self._making = Admission(places=places, share=1, patience_seconds=line_seconds * _PATIENCE)
        self._kept: WeakSet[Export] = WeakSet()

    @asynccontextmanager
    async def making(self, clinic_id: UUID) -> AsyncIterator[Export]:
        """A file to be written, once it is its clinic's turn. Raises ProblemError (429, 503)."""
        self._require_place(clinic_id)
        export = Export(clinic_id, self._require_room)
        self._kept.add(export)
        async with self._making.present(clinic_id) as place:
            async with stepping_out():
                await place.come_in()
            try:
                yield export
            except BaseException:
                export.close()
                raise

    def _require_place(self, clinic_id: UUID) -> None:
        own = sum(one.clinic_id == clinic_id for one in self._kept)
        if own >= KEPT_OF_CLINIC_MAX or len(self._kept) >= KEPT_MAX:
            raise _too_many(TOO_MANY_REQUESTS if own >= KEPT_OF_CLINIC_MAX else OVERLOADED)

    def _require_room(self, export: Export, more: int) -> None:
        if export.size + more > KEPT_OF_CLINIC_BYTES_MAX:
            raise Invalid("request", "the file would be longer than one may be: ask for less at once")
        own = more + sum(one.size for one in self._kept if one.clinic_id == export.clinic_id)
        if own > KEPT_OF_CLINIC_BYTES_MAX:
            raise _too_many(TOO_MANY_REQUESTS)
        if more + sum(one.size for one in self._kept) > KEPT_BYTES_MAX:
            raise _too_many(OVERLOADED)


def _too_many(problem: Problem) -> ProblemError:
    return ProblemError(problem, "Too many files are being read", headers={"Retry-After": _RETRY_SECONDS})


class ExportAnswer(Response):
    """The answer that sends a file, as fast as its reader takes it."""

    def __init__(self, export: Export, headers: Mapping[str, str], media_type: str) -> None:
        self._export: Export | None = export
        super().__init__(None, 200, dict(headers) | {"Content-Length": str(export.size)}, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send it, and let go of it then."""
        export, self._export = self._export, None
        if export is None:
            raise RuntimeError("a file is sent once")
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while part := export.read():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            export.close()
