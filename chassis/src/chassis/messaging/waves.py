"""Waves: a batch of mixed types as few runs of one type each, such that each lane's messages stay in order."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.messaging.message import Lane, Message


def waves_of(messages: Iterable[Message]) -> list[list[Message]]:
    """Arrange messages into runs of one type, to be handled one run after the other.

    Order matters only within a lane: a clinic and a key. A message goes into the first run of its type that is not
    before the run of its lane's previous message: a thousand visits of "completed, completed, closed" become two runs,
    not two thousand.
    """
    runs: list[list[Message]] = []
    types: list[str] = []
    last_run: dict[Lane, int] = {}
    for message in messages:
        place = last_run.get(message.lane, 0)
        while place < len(runs) and types[place] != message.type:
            place += 1
        if place == len(runs):
            runs.append([])
            types.append(message.type)
        runs[place].append(message)
        last_run[message.lane] = place
    return runs
