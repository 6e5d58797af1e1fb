"""What clients asked for, each change under its key, and what they were told: what a client knows of it in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any, Literal
from uuid import UUID

from local_stack.practice.addresses import Addresses
from local_stack.practice.api import Answer, Api
from local_stack.practice.problems import Refused, StackUnreachable

Outcome = Literal["acknowledged", "refused", "unknown"]

NOBODY_THOUGHT_OF_IT = 500
SERVERS_FAULT = 500
"""From this status on a client knows nothing: the change may have been made."""
TWICE = 0.1
"""How often a client asks twice at once under one key, as one does that does not wait for its answer."""
MANY, BY_MANY = 5, 0.4
"""How many clients ask for the same transfer of an insurer at once, and how often they do."""
_TRANSFERS = "/v1/remittances"


@dataclass
class Asked:
    """One change that a client asked for, under a key of its own."""

    key: UUID
    service: str
    clinic_id: UUID
    path: str
    body: Any
    outcome: Outcome = "unknown"
    answer: Any = None


class AskingApi(Api):
    """The APIs, as clients use them that note what they asked for and were told."""

    def __init__(self, addresses: Addresses, dice: Random, patience_seconds: float) -> None:
        super().__init__(addresses, patience_seconds)
        self.asked: list[Asked] = []
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        """Answers that no client should get, in words."""
        self._dice = dice

    async def post(self, service: str, clinic_id: UUID, path: str, body: Any, key: UUID) -> Answer:
        """Change something, once under its key, at times asked for twice. Raises Refused, StackUnreachable."""
        one = Asked(key, service, clinic_id, path, body)
        self.asked.append(one)
        answers = await self._answers(one, self._times(path))
        self._note(one, answers)
        self.told[one.outcome] += 1
        last = answers[-1]
        if isinstance(last, Answer):
            return last
        raise last

    async def settle(self, one: Asked) -> None:
        """Ask again what was acknowledged or is unknown: it is answered as it was, or is made now, once."""
        (again,) = await self._answers(one, 1)
        if one.outcome == "unknown":
            self._note(one, [again])
        elif not isinstance(again, Answer) or again.body != one.answer:
            said = again.body if isinstance(again, Answer) else again
            self.wrong.append(f"{one.path} {one.key} was acknowledged, and is answered otherwise now: {said}")

    def _times(self, path: str) -> int:
        drawn = self._dice.random()
        if path == _TRANSFERS and drawn < BY_MANY:
            return MANY
        return 2 if drawn < TWICE else 1

    async def _answers(self, one: Asked, times: int) -> list[Answer | Refused | StackUnreachable]:
        return list(await asyncio.gather(*(self._answer(one) for _ in range(times))))

    async def _answer(self, one: Asked) -> Answer | Refused | StackUnreachable:
        try:
            return await super().post(one.service, one.clinic_id, one.path, one.body, one.key)
        except (Refused, StackUnreachable) as failure:
            return failure

    def _note(self, one: Asked, answers: list[Answer | Refused | StackUnreachable]) -> None:
        made = [answer for answer in answers if isinstance(answer, Answer)]
        if any(answer.body != made[0].body for answer in made):
            self.wrong.append(f"{one.path} {one.key} has two answers")
        failed = [answer for answer in answers if isinstance(answer, Refused)]
        self.wrong += [str(answer) for answer in failed if answer.status == NOBODY_THOUGHT_OF_IT]
        if made:
            one.outcome, one.answer = "acknowledged", made[0].body
        elif len(failed) == len(answers) and all(answer.status < SERVERS_FAULT for answer in failed):
            one.outcome = "refused"
