"""Where the parts of a running stack are, as the practice's systems and its front desk need to know."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.broker import Broker


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
    broker: Broker | None = None
    """How one makes oneself known to Kafka, where its address is not enough."""

    @classmethod
    def from_env(cls) -> Addresses:
        """Those of any deployment, told by its environment. Raises KeyError for one that is missing.

        How Kafka is reached is told as to a service. Raises ValidationError, OSError where that is not usable.
        """
        from chassis.broker_settings import BrokerSettings  # only who is told so pays for it

        named = {name: f"{name}_url" for name in ("invoicing", "payments", "receipts", "notifications")}
        others = ("token_url", "client_id", "client_secret", "kafka_bootstrap")
        named |= {name: name for name in others}
        told = {name: os.environ[variable.upper()].rstrip("/") for name, variable in named.items()}
        return cls(**told, mail="", broker=BrokerSettings().broker())

    def services(self) -> dict[str, str]:
        """The four services by name."""
        return {
            "invoicing": self.invoicing,
            "payments": self.payments,
            "receipts": self.receipts,
            "notifications": self.notifications,
        }
