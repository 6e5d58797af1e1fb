"""What a clinic's keeper said a moment ago: asked for once by all who want it, and not anew for each message."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

FRESH_SECONDS: Final = 60.0
KEPT_SECONDS: Final = 3_600.0
"""So long what was said counts where its keeper does not answer."""
AGAIN_SECONDS: Final = 5.0
"""So long nobody asks again who was not answered just now."""
PATIENCE_SECONDS: Final = 600.0
"""After so long without an answer it is done without."""
OTHER_SECONDS: Final = 7_200.0
"""After so long without a question, longer than a message is put off, what is not answered now has nothing to do with
what was not answered then: another worker may have been answered in between."""
CLINICS_MAX: Final = 1_000


@dataclass(frozen=True)
class _Failing:
    """Since when there is no answer, and what became of the last question."""

    since: float
    last: float
    fault: Exception


class Remembered(Generic[T]):
    """Answers by clinic, for a minute; `ask` raises one of the `faults` where there is none."""

    def __init__(
        self,
        ask: Callable[[UUID], Awaitable[T]],
        faults: tuple[type[Exception], ...],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._faults = faults
        self._clock = clock
        self._said: dict[UUID, tuple[float, T]] = {}
        self._failing: dict[UUID, _Failing] = {}
        self._asking: dict[UUID, asyncio.Task[T]] = {}

    async def of(self, clinic_id: UUID) -> T | None:
        """What is said of a clinic; None where nobody has said anything for so long that it is done without.

        Raises what asking raises, while that is worth waiting for.
        """
        said = self._said.get(clinic_id)
        if said is not None and self._clock() - said[0] < FRESH_SECONDS:
            return said[1]
        failing = self._failing.get(clinic_id)
        if failing is None or self._clock() - failing.last >= AGAIN_SECONDS:
            try:
                return await asyncio.shield(self._task(clinic_id))
            except self._faults as fault:
                failing = self._noted(clinic_id, fault)
        if said is not None and self._clock() - said[0] < KEPT_SECONDS:
            return said[1]
        if self._clock() - failing.since >= PATIENCE_SECONDS:
            return None
        raise failing.fault.with_traceback(None)  # it is raised for many, and would name the way of each of them

    def _noted(self, clinic_id: UUID, fault: Exception) -> _Failing:
        """All who shared the question come here with its fault."""
        before, now = self._failing.get(clinic_id), self._clock()
        since = before.since if before is not None and now - before.last < OTHER_SECONDS else now
        self._failing[clinic_id] = noted = _Failing(since, now, fault)
        _forget_oldest(self._failing)
        return noted

    def _task(self, clinic_id: UUID) -> asyncio.Task[T]:
        task = self._asking.get(clinic_id)
        if task is None:
            task = self._asking[clinic_id] = asyncio.create_task(self._asked(clinic_id), name=f"ask about {clinic_id}")
        return task

    async def _asked(self, clinic_id: UUID) -> T:
        try:
            answer = await self._ask(clinic_id)
        finally:
            del self._asking[clinic_id]
        self._failing.pop(clinic_id, None)
        self._said.pop(clinic_id, None)
        self._said[clinic_id] = (self._clock(), answer)
        _forget_oldest(self._said)
        return answer


def _forget_oldest(kept: dict[UUID, object] | dict[UUID, tuple[float, T]] | dict[UUID, _Failing]) -> None:
    if len(kept) > CLINICS_MAX:
        del kept[next(iter(kept))]
