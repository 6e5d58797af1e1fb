"""What a clinic's keeper said a moment ago: asked for once by all who want it, and not anew for each message."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

FRESH_SECONDS: Final = 60.0
KEPT_SECONDS: Final = 3_600.0
"""So long what was said counts where its keeper does not answer."""
CLINICS_MAX: Final = 1_000


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
        self._asking: dict[UUID, asyncio.Task[T]] = {}

    async def of(self, clinic_id: UUID) -> T:
        """What is said of a clinic. Raises what asking raises, where nothing was said within the hour."""
        said = self._said.get(clinic_id)
        if said is not None and self._clock() - said[0] < FRESH_SECONDS:
            return said[1]
        try:
            return await asyncio.shield(self._task(clinic_id))
        except self._faults:
            if said is None or self._clock() - said[0] >= KEPT_SECONDS:
                raise
            return said[1]

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
        self._said.pop(clinic_id, None)
        if len(self._said) >= CLINICS_MAX:
            del self._said[next(iter(self._said))]  # whose answer is the oldest
        self._said[clinic_id] = (self._clock(), answer)
        return answer
