"""What clients may send about the clinic itself: its payment groups and its settings of payments."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from chassis.http import NOT_BLANK, MoneyIn, RequestBody, pattern
from pydantic import ConfigDict, Field, StrictBool, StrictInt, model_validator

from payments.http.examples import GROUP
from payments.http.request_rules import require_each_once
from payments.http.shared_requests import Reason

_COLOR = pattern(r"^#[0-9a-fA-F]{6}$", "is not a color such as #4a90d9")


class GroupIn(RequestBody):
    """A payment group (`PAY-8`)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Orthodontics", "color": "#4a90d9", "position": 1}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=NOT_BLANK)]
    color: Annotated[str | None, Field(pattern=_COLOR)] = None
    position: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    archived: StrictBool = False
    reason: Reason | None = None
    """Why; kept with the change, and may be left out (`ALL-5`)."""


class GroupOrderIn(RequestBody):
    """All groups that are not archived, in their new order (`PAY-8`)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"group_ids": [GROUP]}]})

    group_ids: Annotated[tuple[UUID, ...], Field(max_length=1_000)]
    reason: Reason | None = None
    """Why; kept with the change of each that moves, and may be left out (`ALL-5`)."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        require_each_once(self.group_ids, "group_ids")
        return self


class SettingsIn(RequestBody):
    """Up to which amount one person refunds alone; any amount, when it is null (`ALL-5`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"refund_limit": {"amount": "200.00", "currency": "USD"}, "reason": "as the owner asked"}]
        }
    )

    refund_limit: MoneyIn | None
    reason: Reason
