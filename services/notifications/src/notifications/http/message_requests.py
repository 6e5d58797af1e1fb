"""What is asked of messages."""

from __future__ import annotations

from typing import Annotated

from chassis.http import NOT_BLANK
from pydantic import AfterValidator, Field

from notifications.http.settings_requests import Body, storable


class LiftBody(Body):
    """Why an address is sent to again."""

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=NOT_BLANK, examples=["The patient's mailbox works again."]),
        AfterValidator(storable),
    ]


class ResendBody(Body):
    """Why it is sent again by hand."""

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=NOT_BLANK, examples=["The patient did not get it."]),
        AfterValidator(storable),
    ]
