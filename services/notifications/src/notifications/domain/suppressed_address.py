"""Addresses that nothing is sent to any more, since what was sent there came back for good (`NOT-8.2`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from notifications.domain.errors import SuppressionLifted
from notifications.domain.notice import Purpose
from notifications.domain.settings import Channel

UNSUBSCRIBED: Final = "unsubscribed"
"""The status of what its owner asked for by the link in a reminder (`NOT-2.5`)."""


@dataclass(frozen=True)
class SuppressedAddress:
    """An address of a clinic's patient, since when and why nothing goes there, and who lifted that.

    `address` is None once its patient is forgotten (`ALL-9`).
    """

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    channel: Channel
    address: str | None
    status: str
    """The enhanced status (RFC 3463) of what came back, or `unsubscribed`."""
    message_id: UUID
    """The message that came back, or that they unsubscribed by."""
    suppressed_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None
    purpose: Purpose | None = None
    """What is not sent there any more; None for everything."""

    def refuse_if_lifted(self) -> None:
        """Raise SuppressionLifted where something is sent there again already."""
        if self.lifted_at is not None:
            raise SuppressionLifted(self.id)


@dataclass(frozen=True)
class SuppressionFilter:
    """Which ones: all of what is given has to fit."""

    patients: Sequence[UUID] | None = None
    """All records of the register that are one patient (`ALL-10`)."""
    is_lifted: bool | None = None
