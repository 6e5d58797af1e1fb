"""Where a process listens, and how long those may take who come: the same for services and the front desk."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

Seconds = Annotated[float, Field(gt=0)]
Port = Annotated[int, Field(ge=1, le=65_535)]


class ListeningSettings(BaseSettings):
    """Environment variables without a prefix (`HTTP_PORT`)."""

    http_host: str = "0.0.0.0"
    http_port: Port = 8000
    http_trusted_proxies: str = ""
    """Addresses and networks of proxies, with commas between, whose X-Forwarded-For and -Proto are believed; nobody's
    else are."""
    http_connections_max: Annotated[int, Field(ge=1, le=50_000)] = 1_000
    """The most connections of a process; beyond, those give way that nobody is answering."""
    http_head_seconds: Seconds = 10.0
    """How long a client may take to send a request's headers."""
    http_body_seconds: Seconds = 30.0
    """And then its body."""
    http_reader_seconds: Seconds = 30.0
    """How long a client may leave an answer unread; a whole answer may take twenty times as long."""
    drain_seconds: Seconds = 20.0
    """How long requests and batches in flight may take after SIGTERM."""

    @field_validator("http_trusted_proxies")
    @classmethod
    def _networks(cls, given: str) -> str:
        named = [one.strip() for one in given.split(",") if one.strip()]
        for one in named:
            try:
                network = ip_network(one)
            except ValueError:
                raise ValueError("has something that is no address or network of a proxy") from None
            if network.prefixlen == 0:
                raise ValueError("would believe everybody")
        return ",".join(named)
