"""What the edge process is told, and what its tokens can say; light, for the supervisor imports it too."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local_stack.edge.clients import Client, clients_of
from local_stack.practice.addresses import Addresses

AUDIENCE = "billing"
LIFETIME_SECONDS = 3_600


@dataclass(frozen=True)
class EdgeSettings:
    """Where it listens and keeps things, and which clients may ask for tokens."""

    folder: Path
    http_port: int
    smtp_port: int
    issuer: str
    clients: dict[str, Client]
    addresses: Addresses | None = None
    """Of the services that it can prove; without them it has no proofs."""
    people_password: str = field(default="", repr=False)
    """Of everybody who may sign in; without it nobody does."""

    def as_env(self) -> dict[str, str]:
        """As environment variables, which is how the process is told."""
        proving = {} if self.addresses is None else {"EDGE_ADDRESSES": json.dumps(asdict(self.addresses))}
        return {
            "EDGE_FOLDER": str(self.folder),
            "EDGE_HTTP_PORT": str(self.http_port),
            "EDGE_SMTP_PORT": str(self.smtp_port),
            "EDGE_ISSUER": self.issuer,
            "EDGE_CLIENTS": json.dumps({name: client.as_json() for name, client in self.clients.items()}),
            "EDGE_PEOPLE_PASSWORD": self.people_password,
            **proving,
        }

    @classmethod
    def from_env(cls) -> EdgeSettings:
        """What `as_env` made of it."""
        addresses = os.environ.get("EDGE_ADDRESSES")
        return cls(
            folder=Path(os.environ["EDGE_FOLDER"]),
            http_port=int(os.environ["EDGE_HTTP_PORT"]),
            smtp_port=int(os.environ["EDGE_SMTP_PORT"]),
            issuer=os.environ["EDGE_ISSUER"],
            clients=clients_of(json.loads(os.environ["EDGE_CLIENTS"])),
            addresses=Addresses(**json.loads(addresses)) if addresses else None,
            people_password=os.environ.get("EDGE_PEOPLE_PASSWORD", ""),
        )
