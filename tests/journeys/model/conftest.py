"""The model alone: no stack is started for it."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def books_balance_in_the_end() -> None:
    """There are no services here whose books could differ."""
