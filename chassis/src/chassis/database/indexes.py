"""Indexes of tables that are in use, as steps of a migration: built beside the work, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Operations = Any
"""Alembic's `op`."""


def build_indexes(op: Operations, indexes: Mapping[str, str], former: Sequence[str] = ()) -> None:
    """Build indexes outside a transaction, by their names: what each is on, and drop `former` ones afterwards.

    What an interrupted attempt has left behind is made anew. What the migration did before is committed by this, so it
    comes first, or alone: a migration that is interrupted begins again.
    """
    with op.get_context().autocommit_block():
        for name, what in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {what}")
        for name in former:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
