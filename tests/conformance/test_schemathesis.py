"""Schemathesis asks every operation of every API what nobody would: no 5xx, every answer as documented.

`SCHEMATHESIS_EXAMPLES=300` asks each operation so often; without it a few times, the same every time.
"""

from __future__ import annotations

import asyncio
import os
from uuid import UUID

import pytest
from chassis.testing.harness import ServiceHarness
from chassis.testing.tokens import ALL_SCOPES

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))


@pytest.mark.rule("ALL-2.1")
@pytest.mark.timeout(600)
async def test_no_request_is_answered_with_a_5xx_or_otherwise_than_documented(
    harness: ServiceHarness, clinic_id: UUID
) -> None:
    """ALL-2. The clinic has rows and settings, so that there is something to read and to change."""
    from chassis.testing.answers import check_answers  # a second to load, in each worker

    token = harness.issuer.token(clinic_id, ALL_SCOPES)
    async with harness.served() as address:
        document = harness.app.openapi()
        checked = await asyncio.to_thread(check_answers, document, address, token, examples=EXAMPLES)
    assert checked >= 4
