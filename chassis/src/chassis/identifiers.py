"""Identifiers: UUIDs of version 7 (RFC 9562), which sort by time and so keep indexes compact."""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A new identifier."""
    return uuid_utils.compat.uuid7()
