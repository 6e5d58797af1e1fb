"""What is refused about payment groups (`PAY-8`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from payments.domain.errors import PaymentsError


class GroupInUse(PaymentsError):
    """A payment group in use cannot be deleted (`PAY-8`)."""

    def __init__(self, group_id: UUID) -> None:
        self.group_id = group_id
        super().__init__("payments are in this group; archive it instead")


class GroupNameTaken(PaymentsError):
    """Two groups of one name cannot be told apart."""

    field = "name"

    def __init__(self) -> None:
        super().__init__("another payment group has this name")


class GroupArchived(PaymentsError):
    """An archived group takes no further payments."""

    field = "group_id"

    def __init__(self, group_id: UUID) -> None:
        self.group_id = group_id
        super().__init__("the payment group is archived")


class OrderIncomplete(PaymentsError):
    """The order of the groups names each that is not archived, once (`PAY-8`)."""

    field = "group_ids"

    def __init__(self, missing: Sequence[UUID], unknown: Sequence[UUID]) -> None:
        self.missing = tuple(missing)
        self.unknown = tuple(unknown)
        self.extensions = {
            "missing": [str(group_id) for group_id in missing],
            "unknown": [str(group_id) for group_id in unknown],
        }
        super().__init__("the order is of all groups that are not archived, and of no others")
