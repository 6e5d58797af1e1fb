"""Keys that pages carry so that what a form asks for is done once, however often it is sent (`ALL-1`)."""

from __future__ import annotations

from uuid import uuid4


def new_key() -> str:
    """A key for one form of one page."""
    return str(uuid4())
