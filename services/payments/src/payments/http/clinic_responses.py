"""The clinic's payment groups and its settings of payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.database.versioned_settings import SettingsVersion
from chassis.http import MoneyOut, ResponseBody
from pydantic import Field

from payments.domain.payment_group import ChangeOfGroup, GroupChange, PaymentGroup
from payments.domain.payment_settings import PaymentSettings
from payments.http.examples import GROUP_CHANGE_EXAMPLE, GROUP_EXAMPLE, SETTINGS_EXAMPLE
from payments.http.shared_responses import example_of


class GroupOut(ResponseBody):
    """A payment group (`PAY-8`)."""

    model_config = example_of(GROUP_EXAMPLE)

    id: UUID
    name: str
    color: str | None
    position: int
    archived: bool
    version: Annotated[int, Field(ge=1)]

    @classmethod
    def of(cls, group: PaymentGroup) -> GroupOut:
        """A group."""
        return cls.named(group, id=group.group_id)


class GroupChangeOut(ResponseBody):
    """What a group was after a change, and who made it (`ALL-5`)."""

    model_config = example_of(GROUP_CHANGE_EXAMPLE)

    version: int
    change: GroupChange
    name: str
    color: str | None
    position: int
    archived: bool
    changed_at: datetime
    changed_by: str
    reason: str | None
    """Why, where it was said."""

    @classmethod
    def of(cls, change: ChangeOfGroup) -> GroupChangeOut:
        """A change."""
        return cls.named(change)


class GroupsOut(ResponseBody):
    """The clinic's groups in their order."""

    model_config = example_of({"items": [GROUP_EXAMPLE]})

    items: list[GroupOut]

    @classmethod
    def of(cls, groups: Sequence[PaymentGroup]) -> GroupsOut:
        """The groups."""
        return cls.model_construct(items=[GroupOut.of(group) for group in groups])


class SettingsOut(ResponseBody):
    """The settings in force. Above the limit, of a payment or to a patient in a day, a second person is needed.

    It holds for all that is refunded, withdrawn or cancelled, together (`PAY-15`).
    """

    model_config = example_of(SETTINGS_EXAMPLE)

    refund_limit: MoneyOut | None
    reason: str | None
    changed_at: datetime | None
    changed_by: str | None
    version: int

    @classmethod
    def of(cls, saved: SettingsVersion[PaymentSettings] | None) -> SettingsOut:
        """The settings of a version, or those that hold where none was ever saved."""
        if saved is None:
            return cls(refund_limit=None, reason=None, changed_at=None, changed_by=None, version=0)
        limit = saved.settings.refund_limit
        return cls.named(saved, refund_limit=None if limit is None else MoneyOut.of(limit))
