"""Where Kafka is, and how one makes oneself known to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from chassis.tls import CertificateFiles, RenewedContext

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

ENCRYPTED: Final = ("SSL", "SASL_SSL")
NAMED: Final = ("SASL_PLAINTEXT", "SASL_SSL")


@dataclass(frozen=True)
class Broker:
    """One address or several with commas between (`host:port`), and what a client tells to be let in."""

    bootstrap: str
    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "SCRAM-SHA-512"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    files: CertificateFiles = field(default_factory=CertificateFiles)

    def options(self) -> dict[str, Any]:
        """What every client of aiokafka is given. Raises OSError where a certificate cannot be read."""
        told: dict[str, Any] = {"bootstrap_servers": self.bootstrap} | self.security()
        return told

    def security(self) -> dict[str, Any]:
        """The same without the address. Raises OSError where a certificate cannot be read."""
        told: dict[str, Any] = {"security_protocol": self.protocol}
        if self.protocol in ENCRYPTED:
            told |= {"ssl_context": self._context}
        if self.protocol in NAMED:
            told |= {"sasl_mechanism": self.mechanism}
            told |= {"sasl_plain_username": self.username, "sasl_plain_password": self.password}
        return told

    def addresses(self) -> list[tuple[str, int]]:
        """Hosts and ports; 9092 where none is named."""
        found = []
        for address in self.bootstrap.split(","):
            host, colon, port = address.strip().rpartition(":")
            found.append((host.strip("[]"), int(port)) if colon else (address.strip(), 9092))
        return found

    @cached_property
    def _context(self) -> RenewedContext:
        return RenewedContext.of(self.files)
