"""A mail to a clinic that one of its webhook endpoints was disabled without anybody asking for it (`NOT-7.7`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from notifications.domain.addresses import is_mailable
from notifications.domain.facts import Clinic
from notifications.domain.webhook import AlertState, DisabledBecause

A_DAY_MAX: Final = 10
"""So many a clinic is mailed a day, however often it enables what answers that it is gone."""


@dataclass(frozen=True)
class EndpointAlert:
    """One for each time that an endpoint was disabled."""

    id: UUID
    clinic_id: UUID
    endpoint_id: UUID
    because: DisabledBecause
    failing_since: datetime | None
    disabled_at: datetime
    state: AlertState = AlertState.WAITING
    attempts: int = 0
    first_failed_at: datetime | None = None
    next_attempt_at: datetime | None = None

    def ended(self, state: AlertState) -> EndpointAlert:
        """It, of which nothing more is tried."""
        return replace(self, state=state, next_attempt_at=None)


@dataclass(frozen=True)
class AlertFacts:
    """What is true when it is due: the endpoint's address and whether it is disabled still, and the clinic."""

    url: str | None
    disabled_because: DisabledBecause | None
    clinic: Clinic | None

    @property
    def host(self) -> str:
        """The system that events went to: an address can have a secret of the partner's in its path or query."""
        return urlsplit(self.url or "").hostname or ""

    @property
    def is_disabled_by_itself(self) -> bool:
        """Whether it is as the mail would say."""
        return self.url is not None and self.disabled_because not in (None, DisabledBecause.ASKED)

    @property
    def address(self) -> str | None:
        """The clinic's own address, where it has one that can be mailed."""
        email = self.clinic.email if self.clinic else None
        return email.strip() if email and is_mailable(email) else None
