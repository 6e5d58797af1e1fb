"""Payment groups: the clinic's own dictionary to sort payments by (`PAY-8`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payments.domain.errors import GroupArchived


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
