"""What the stack consists of: the services, the processes of each, and what each is told by its environment."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chassis.known_secrets import LAPTOP

from local_stack.edge.clients import ANY_CLINIC, SCOPES, Client
from local_stack.edge.settings import AUDIENCE
from local_stack.practice.addresses import PLAYING, PROVING, Addresses

SERVICES = ("invoicing", "payments", "receipts", "notifications")
ROLES: dict[str, tuple[str, ...]] = {
    "invoicing": ("api", "worker"),
    "payments": ("api", "worker"),
    "receipts": ("api,worker",),
    "notifications": ("api,worker",),
}
"""The processes of each service, by the roles that one plays."""
PORTS = (
    *SERVICES,
    "frontdesk",
    "edge",
    "smtp",
    "postgres",
    "kafka",
    "kafka-controller",
    *(f"{name}-worker" for name, roles in ROLES.items() if "worker" in roles),
)
"""What listens, in the order in which ports are counted up from a given base."""
_OF_ANOTHER_BROKER = tuple(
    f"KAFKA_{name}"
    for name in (
        "SASL_USERNAME",
        "SASL_PASSWORD",
        "SSL_CAFILE",
        "SSL_CERTFILE",
        "SSL_KEYFILE",
        "SSL_PASSWORD",
        "REPLICATION_FACTOR",
    )
)
"""What a person's own environment may say of a cluster elsewhere; the stack's broker is told none of it."""
PRACTICE, COLLEAGUE, PROOF = "practice", "colleague", "proof"
"""Clients: the practice's systems and front desk, a second person there, and whoever proves."""
SCOPES_OF = {
    "notifications": frozenset(["receipts:read"]),
    PRACTICE: SCOPES,
    COLLEAGUE: SCOPES,
    PROOF: frozenset(PROVING.split()) - {ANY_CLINIC},
}
"""What each client of the stack may have, and nobody else anything. All are of every clinic: a stack has those that are
played into it, which nobody knows when it starts."""


@dataclass(frozen=True)
class Layout:
    """One stack: its folder, its ports, its passwords. Everything else follows from them."""

    home: Path
    ports: Mapping[str, int]
    passwords: Mapping[str, str]
    trace_ratio: float = 1.0
    log_level: str = "INFO"

    @property
    def edge_url(self) -> str:
        """Issuer, mails and traces."""
        return self.url("edge")

    def url(self, part: str) -> str:
        """Where a part answers HTTP."""
        return f"http://127.0.0.1:{self.ports[part]}"

    def api_url(self, service: str) -> str:
        """Where clients reach a service's API: at the front desk's address, as the pages."""
        return f"{self.url('frontdesk')}/api/{service}"

    def log(self, name: str) -> Path:
        """Where a part writes its log."""
        return self.home / "logs" / f"{name}.log"

    @property
    def documents(self) -> Path:
        """Where receipts keeps documents."""
        return self.home / "documents"

    def clients(self) -> dict[str, Client]:
        """Who may ask the issuer for tokens, and for which."""
        return {name: Client(self.passwords[f"{name}_client"], scopes) for name, scopes in SCOPES_OF.items()}

    def database_roles(self) -> dict[str, str]:
        """The passwords of the roles that `provision.sql` makes."""
        return {role: self.passwords[role] for name in SERVICES for role in (f"{name}_owner", f"{name}_app")}

    def database_url(self, service: str, role: str) -> str:
        """A service's database as its `owner` or its `app` role reaches it."""
        user = f"{service}_{role}"
        return f"postgresql+asyncpg://{user}:{self.passwords[user]}@127.0.0.1:{self.ports['postgres']}/{service}"

    def env(self, service: str) -> dict[str, str]:
        """The environment of a service's processes."""
        worker = f"{service}-worker"
        told = {
            "ENVIRONMENT": LAPTOP,
            "DATABASE_URL": self.database_url(service, "app"),
            "MIGRATION_DATABASE_URL": self.database_url(service, "owner"),
            "KAFKA_BOOTSTRAP": f"127.0.0.1:{self.ports['kafka']}",
            "KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",
            **dict.fromkeys(_OF_ANOTHER_BROKER, ""),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(self.ports[service]),
            "JWKS_URL": f"{self.edge_url}/.well-known/jwks.json",
            "TOKEN_URL": f"{self.edge_url}/token",
            "TOKEN_ISSUER": self.edge_url,
            "TOKEN_AUDIENCE": AUDIENCE,
            "CLIENT_ID": service if service in SCOPES_OF else "",
            "CLIENT_SECRET": self.passwords.get(f"{service}_client", ""),
            "OTLP_ENDPOINT": self.edge_url if self.trace_ratio > 0 else "",
            "TRACE_SAMPLE_RATIO": str(self.trace_ratio),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.ports["smtp"]),
            "LOG_LEVEL": self.log_level,
        }
        told |= {f"{name.upper()}_URL": self.url(name) for name in SERVICES}
        if service == "receipts":
            told["DOCUMENT_STORE_URL"] = os.environ.get("DOCUMENT_STORE_URL", self.documents.as_uri())
        if worker in self.ports:
            told["HEALTH_PORT"] = str(self.ports[worker])
        # What the person who starts the stack sets for a service reaches it, but never moves it to other parts.
        return dict(os.environ) | told

    def frontdesk_env(self) -> dict[str, str]:
        """The environment of the front desk."""
        told = {
            "ENVIRONMENT": LAPTOP,
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(self.ports["frontdesk"]),
            "PUBLIC_URL": self.url("frontdesk"),
            "PROVIDER_URL": self.edge_url,
            "CLIENT_ID": "front-desk",
            "CLIENT_SECRET": "",
            "SESSION_SECRET": self.passwords["frontdesk_session"],
            "OTLP_ENDPOINT": self.edge_url if self.trace_ratio > 0 else "",
            "TRACE_SAMPLE_RATIO": str(self.trace_ratio),
            "LOG_LEVEL": self.log_level,
        }
        return dict(os.environ) | told | {f"{name.upper()}_URL": self.url(name) for name in SERVICES}

    def health_url(self, service: str, role: str) -> str:
        """Where a process says whether it is ready."""
        part = f"{service}-worker" if role == "worker" else service
        return f"{self.url(part)}/health/ready"

    def addresses(self, client_id: str = PRACTICE) -> Addresses:
        """What the practice needs to know, or another client."""
        return Addresses(
            invoicing=self.url("invoicing"),
            payments=self.url("payments"),
            receipts=self.url("receipts"),
            notifications=self.url("notifications"),
            token_url=f"{self.edge_url}/token",
            client_id=client_id,
            client_secret=self.passwords[f"{client_id}_client"],
            kafka_bootstrap=f"127.0.0.1:{self.ports['kafka']}",
            mail=self.edge_url,
            scopes=PROVING if client_id == PROOF else PLAYING,
        )


def kept_passwords(home: Path) -> dict[str, str]:
    """The stack's passwords, made when first asked for and kept in a file that only its owner reads."""
    file = home / "passwords.json"
    names = ["postgres", "frontdesk_session", "people", *(f"{name}_client" for name in SCOPES_OF)]
    names += [f"{name}_{role}" for name in SERVICES for role in ("owner", "app")]
    kept = json.loads(file.read_text()) if file.exists() else {}
    passwords = {name: kept.get(name) or secrets.token_urlsafe(24) for name in names}
    if passwords != kept:
        home.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(passwords))
    return passwords
