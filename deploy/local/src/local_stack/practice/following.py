"""What follows a day by itself: receipts rendered and stored, emails accepted. Waited for, in bounds."""

from __future__ import annotations

import asyncio
import time

from local_stack.practice.api import Api
from local_stack.practice.at_once import at_once
from local_stack.practice.ledger import Clinic
from local_stack.practice.outcome import Outcome, read_emails, read_receipts
from local_stack.practice.problems import Stuck
from local_stack.practice.progress import Steps

SILENCE_SECONDS = 60.0
"""How long nothing may come before it is given up."""
PAUSE_SECONDS = 0.5
PAUSES_OF_A_LOOK = 4
"""How many times as long as a look took nothing is asked: looking is not to slow down what is looked for, and on a busy
machine a look takes long."""


async def until_all_followed(api: Api, outcome: Outcome, steps: Steps) -> None:
    """Wait until each payment and refund has its receipt and each message its answer. Raises Stuck."""
    steps.begin("receipts stored", outcome.receipts_due)
    steps.begin("emails", outcome.messages_due)
    done = (0, 0)
    since = time.monotonic()
    while True:
        began = time.monotonic()
        await at_once(list(outcome.clinics.values()), _Reading(api, outcome).read)
        before, done = done, (outcome.stored_receipts, outcome.messages_done)
        steps.advance("receipts stored", done[0] - before[0])
        steps.advance("emails", done[1] - before[1])
        if done[0] >= outcome.receipts_due and done[1] >= outcome.messages_due:
            return
        if done != before:
            since = time.monotonic()
        elif time.monotonic() - since > SILENCE_SECONDS:
            raise Stuck(_missing(outcome), "receipts", "notifications")
        await asyncio.sleep(max(PAUSE_SECONDS, PAUSES_OF_A_LOOK * (time.monotonic() - began)))


class _Reading:
    """One look at all clinics: what was seen before is forgotten, so that states are those of this look."""

    def __init__(self, api: Api, outcome: Outcome) -> None:
        self._api = api
        self._outcome = outcome
        outcome.receipts.clear()
        outcome.emails.clear()

    async def read(self, clinic: Clinic) -> None:
        """Read one clinic's receipts and messages."""
        await read_receipts(self._api, clinic, self._outcome)
        await read_emails(self._api, clinic, self._outcome)


def _missing(outcome: Outcome) -> str:
    parts = []
    if outcome.stored_receipts < outcome.receipts_due:
        parts.append(
            f"{outcome.receipts_due - outcome.stored_receipts} of {outcome.receipts_due} receipts are not stored"
        )
    if outcome.messages_done < outcome.messages_due:
        parts.append(f"{outcome.messages_due - outcome.messages_done} of {outcome.messages_due} emails have no answer")
    return f"{' and '.join(parts)}, and nothing came for {SILENCE_SECONDS:.0f} s"
