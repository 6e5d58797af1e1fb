"""Payment groups: the clinic's own dictionary to sort payments by (`PAY-8`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from payments.domain.payment_group_errors import GroupArchived


@dataclass(frozen=True, slots=True)
class PaymentGroup:
    """One group: its name, colour (`#rrggbb`), place in the list, and whether it takes further payments."""

    group_id: UUID
    name: str
    color: str | None
    position: int
    archived: bool
    version: int

    def require_open(self) -> None:
        """Raises GroupArchived."""
        if self.archived:
            raise GroupArchived(self.group_id)


Place = tuple[bool, int, str, UUID]
"""Where a group stands in the list: archived, position, name and, of those alike, id."""
GroupChange = Literal["created", "changed", "ordered", "deleted"]


@dataclass(frozen=True, slots=True)
class ChangeOfGroup:
    """What a group was after a change, who made it, and why, if that was said."""

    version: int
    change: GroupChange
    name: str
    color: str | None
    position: int
    archived: bool
    changed_at: datetime
    changed_by: str
    reason: str | None
