"""Where the parts of a running stack are, as the practice's systems and its front desk need to know."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.broker import Broker

PLAYING = (
    "invoices:read invoices:write invoices:approve payments:read payments:write payments:reverse payments:approve "
    "receipts:read notifications:read settings:read settings:write operations clinics:any"
)
"""The scopes that whoever plays a practice asks for."""
PROVING = "operations clinics:any"
"""And those that a proof and a comparison need (`ALL-8`): a provider refuses what a client may not have."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base URLs without a trailing slash; `kafka_bootstrap` is host:port; `mail` is where a person sees the emails."""

    invoicing: str
    payments: str
    receipts: str
    notifications: str
    token_url: str
    client_id: str
    client_secret: str
    kafka_bootstrap: str
    mail: str
    scopes: str = PLAYING
    """What is asked of the issuer, with spaces between."""
    broker: Broker | None = None
    """How one makes oneself known to Kafka, where its address is not enough."""

    @classmethod
    def from_env(cls) -> Addresses:
        """Those of any deployment, told by its environment. Raises KeyError for one that is missing.

        How Kafka is reached is told as to a service. Raises ValidationError, OSError where that is not usable, and
        ValueError where the client's secret is one that anybody can guess.
        """
        from chassis.broker_settings import BrokerSettings  # only who is told so pays for it
        from chassis.known_secrets import require_own

        named = {name: f"{name}_url" for name in ("invoicing", "payments", "receipts", "notifications")}
        others = ("token_url", "client_id", "client_secret", "kafka_bootstrap")
        named |= {name: name for name in others}
        told = {name: os.environ[variable.upper()].rstrip("/") for name, variable in named.items()}
        settings = BrokerSettings()
        try:
            require_own(settings.environment, told["client_secret"], [told["client_id"]])
        except ValueError as known:
            raise ValueError(f"CLIENT_SECRET {known}") from None
        return cls(**told, mail="", scopes=PROVING, broker=settings.broker())

    def services(self) -> dict[str, str]:
        """The four services by name."""
        return {
            "invoicing": self.invoicing,
            "payments": self.payments,
            "receipts": self.receipts,
            "notifications": self.notifications,
        }
