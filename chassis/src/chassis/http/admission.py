"""Whose turn it is: few requests are in work at once, clinics take turns, and who would wait for long is told at once.

A database answers ten at a time no slower than two hundred, and two hundred at a time not at all. So the rest stands in
line, a line for each clinic, of which one after the other gives its next (`ALL-4`). What would not be begun within two
seconds is refused while it comes, with when to ask again: nobody waits for an answer that nobody waits for.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from chassis.http.problems import OVERLOADED, TOO_MANY_REQUESTS, Problem, ProblemError
from chassis.telemetry import meter

PRESENT_MAX = 250
"""The most requests of one clinic that a process has at once, whatever they wait for."""
BODIES_MAX = 10
"""The most bodies of strangers at one address that are being read at once: they stand in one line with all others."""

_RETRY_SECONDS_MAX = 30
_SMOOTHING = 0.1
_REFUSED_A_SECOND, _REFUSED_AT_ONCE = 50, 25
"""However many are refused, that takes a small part of the processor; the first ones are told at once."""

_refused = meter.create_counter(
    "dental_billing.requests.shed", unit="{request}", description="Requests refused because too many came at once"
)
log = structlog.get_logger(__name__)
_held: ContextVar[Place | None] = ContextVar("place", default=None)


@dataclass(slots=True)
class _Line:
    """One clinic's: how many of its requests are here and in work, who stands in line, and how fast the line moves."""

    present: int = 0
    working: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    pace_seconds: float | None = None
    """From one who leaves the line to the next, on average; None before anybody has left it."""
    moved_at: float = 0.0
    refused: bool = False

    def moved(self, now: float) -> None:
        """Somebody left it."""
        taken = now - self.moved_at
        self.pace_seconds = (
            taken if self.pace_seconds is None else self.pace_seconds + _SMOOTHING * (taken - self.pace_seconds)
        )
        self.moved_at = now

    def expected_seconds(self, now: float) -> float:
        """How long who comes now would stand in line; nothing as long as that is not known."""
        if not self.waiting or self.pace_seconds is None:
            return 0.0
        return (len(self.waiting) + 1) * max(self.pace_seconds, now - self.moved_at)


class Admission:
    """So many places to work in, and of them so many for one clinic, so that some are always left for the others."""

    def __init__(self, places: int, share: int, patience_seconds: float) -> None:
        self._places = places
        self._share = share
        self._patience_seconds = patience_seconds
        self._working = 0
        self._refused_until = 0.0
        self._lines: dict[UUID, _Line] = {}
        self._bodies: Counter[str] = Counter()
        self._turns: deque[UUID] = deque()
        """The clinics that have somebody in line, each once; the first is the next."""

    async def require_soon(self, clinic_id: UUID) -> None:
        """See that a request of this clinic would be begun soon. Raises ProblemError (429, 503)."""
        line = self._lines.get(clinic_id)
        if line is None:
            return
        if line.present >= PRESENT_MAX:
            raise await self._refusal(clinic_id, TOO_MANY_REQUESTS, self._patience_seconds)
        expected = line.expected_seconds(_now())
        if expected > self._patience_seconds:
            raise await self._late(clinic_id, expected)

    @asynccontextmanager
    async def present(self, clinic_id: UUID) -> AsyncIterator[Place]:
        """A request of this clinic is here; it has no place yet. Raises ProblemError (429, 503)."""
        await self.require_soon(clinic_id)
        line = self._lines.setdefault(clinic_id, _Line())
        line.present += 1
        place = Place(self, clinic_id)
        try:
            yield place
        finally:
            place.leave()
            line.present -= 1
            if not line.present:
                del self._lines[clinic_id]

    @asynccontextmanager
    async def reading(self, clinic_id: UUID, address: str) -> AsyncIterator[None]:
        """A body of somebody at this address, who is present, is being read. Raises ProblemError (429)."""
        if self._bodies[address] >= BODIES_MAX:
            raise await self._refusal(clinic_id, TOO_MANY_REQUESTS, self._patience_seconds)
        self._bodies[address] += 1
        try:
            yield
        finally:
            self._bodies[address] -= 1
            self._bodies += Counter()  # keeps what is above nought

    async def enter(self, clinic_id: UUID) -> None:
        """Take a place, in turn. Raises ProblemError: 503, or 429 where the clinic's own requests are in the way."""
        line = self._lines[clinic_id]
        if self._free_for(line):
            self._begin(line)
            return
        await self.require_soon(clinic_id)
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._turn(clinic_id, line)
        except TimeoutError:
            raise await self._late(clinic_id, line.expected_seconds(_now())) from None

    async def enter_again(self, clinic_id: UUID) -> None:
        """Take a place before all others of the clinic: who was in work before is not refused any more."""
        line = self._lines[clinic_id]
        if self._free_for(line):
            self._begin(line)
        else:
            await self._turn(clinic_id, line, first=True)

    def leave(self, clinic_id: UUID) -> None:
        """Give a place back, to whoever is next."""
        self._lines[clinic_id].working -= 1
        self._working -= 1
        self._call()

    def _free_for(self, line: _Line) -> bool:
        return not line.waiting and self._working < self._places and line.working < self._share

    def _begin(self, line: _Line) -> None:
        line.working += 1
        self._working += 1

    async def _turn(self, clinic_id: UUID, line: _Line, *, first: bool = False) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not line.waiting:
            line.moved_at = _now()
            self._turns.append(clinic_id)
        if first:
            line.waiting.appendleft(turn)
        else:
            line.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.leave(clinic_id)  # it was called while it was being cancelled
            elif turn in line.waiting:
                self._step_aside(clinic_id, line, turn)
            raise

    def _step_aside(self, clinic_id: UUID, line: _Line, turn: asyncio.Future[None]) -> None:
        line.waiting.remove(turn)
        if not line.waiting:
            self._turns.remove(clinic_id)

    def _call(self) -> None:
        """Let in who is next, as long as there is room; a clinic that has its share is passed over."""
        passed = 0
        while self._working < self._places and passed < len(self._turns):
            clinic_id = self._turns.popleft()
            line = self._lines[clinic_id]
            if line.working >= self._share:
                self._turns.append(clinic_id)
                passed += 1
                continue
            passed = 0
            turn = line.waiting.popleft()
            if line.waiting:
                self._turns.append(clinic_id)
            if not turn.cancelled():
                turn.set_result(None)
                line.moved(_now())
                self._begin(line)

    async def _late(self, clinic_id: UUID, expected_seconds: float) -> ProblemError:
        own = self._lines[clinic_id].working >= self._share
        return await self._refusal(clinic_id, TOO_MANY_REQUESTS if own else OVERLOADED, expected_seconds)

    async def _refusal(self, clinic_id: UUID, problem: Problem, expected_seconds: float) -> ProblemError:
        """Said in the log the first time, and counted from then on until none of the clinic's requests is here.

        Who asks again without pause would have the process do nothing but refuse: so many are refused a second.
        """
        line = self._lines[clinic_id]
        if not line.refused:
            log.warning("requests_refused", clinic_id=str(clinic_id), problem=problem.slug, present=line.present)
        line.refused = True
        _refused.add(1, {"http.response.status_code": problem.status})
        after = min(max(1, math.ceil(expected_seconds)), _RETRY_SECONDS_MAX)
        await self._paced()
        return ProblemError(problem, headers={"Retry-After": str(after)})

    async def _paced(self) -> None:
        now = _now()
        self._refused_until = max(self._refused_until, now) + 1 / _REFUSED_A_SECOND
        late = self._refused_until - now - _REFUSED_AT_ONCE / _REFUSED_A_SECOND
        if late > 0:
            await asyncio.sleep(min(late, self._patience_seconds))


class Place:
    """One request's: where it waits for others it steps out, and comes back before those who have not begun."""

    def __init__(self, admission: Admission, clinic_id: UUID) -> None:
        self._admission = admission
        self._clinic_id = clinic_id
        self._taken = False

    @property
    def taken(self) -> bool:
        """Whether the request is in work."""
        return self._taken

    async def come_in(self) -> None:
        """Take it, in turn. Raises ProblemError (429, 503)."""
        await self._admission.enter(self._clinic_id)
        self._taken = True

    @asynccontextmanager
    async def worked_in(self) -> AsyncIterator[None]:
        """Take it for the current request, and give it back in the end, or before. Raises ProblemError (429, 503)."""
        await self.come_in()
        before = _held.set(self)
        try:
            yield
        finally:
            _held.reset(before)
            self.leave()

    def leave(self) -> None:
        """Give it back, if it is taken."""
        if self._taken:
            self._taken = False
            self._admission.leave(self._clinic_id)

    async def come_back(self) -> None:
        """Take it again."""
        await self._admission.enter_again(self._clinic_id)
        self._taken = True


@asynccontextmanager
async def stepping_out() -> AsyncIterator[None]:
    """While the current request only waits, somebody else may work in its place. No connection is to be held then."""
    place = _held.get()
    if place is None or not place.taken:
        yield
        return
    place.leave()
    try:
        yield
    except Exception:
        await place.come_back()
        raise
    await place.come_back()


def _now() -> float:
    return asyncio.get_running_loop().time()
