"""Where the parts of a running stack are, as the practice's systems and its front desk need to know."""

from __future__ import annotations

from dataclasses import dataclass


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

    def services(self) -> dict[str, str]:
        """The four services by name."""
        return {
            "invoicing": self.invoicing,
            "payments": self.payments,
            "receipts": self.receipts,
            "notifications": self.notifications,
        }
