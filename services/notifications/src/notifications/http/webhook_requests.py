"""What is asked of webhook endpoints."""

from __future__ import annotations

from typing import Annotated, Literal

from chassis.http import NOT_BLANK, pattern
from pydantic import AfterValidator, Field, StrictBool

from notifications.domain.webhook import EVENT_TYPES
from notifications.http.settings_requests import Body, Line, storable

_ADDRESS = pattern(
    r"^[!-~]{1,500}$", "is not an address such as https://partner.example/hooks, without blanks, in letters of ASCII"
)
EventType = Literal[EVENT_TYPES]  # type: ignore[valid-type]
Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=500,
        pattern=NOT_BLANK,
        description="Why; kept with who made the change (`ALL-5`).",
        examples=["our accountant's system reads them"],
    ),
    AfterValidator(storable),
]


def _each_once(kinds: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(kinds)) < len(kinds):
        raise ValueError("names a kind twice")
    return kinds


class EndpointFields(Body):
    """Where events are sent, and which."""

    url: Annotated[
        str,
        Field(
            max_length=500,
            pattern=_ADDRESS,
            description="A public https address; whoever runs it checks the signatures (Standard Webhooks).",
            examples=["https://partner.example/hooks"],
        ),
    ]
    event_types: Annotated[
        tuple[EventType, ...],
        Field(min_length=1, max_length=len(EVENT_TYPES), examples=[["billing.payment.recorded.v1"]]),
        AfterValidator(_each_once),
    ]
    description: Line | None = None


class EndpointBody(EndpointFields):
    """A new endpoint, and why."""

    reason: Reason


class EndpointChangeBody(EndpointFields):
    """An endpoint as it is to be, and why."""

    enabled: StrictBool = True
    reason: Reason


class ReasonBody(Body):
    """Why it is done."""

    reason: Reason
