"""What a service is told by its environment; a service subclasses this for settings of its own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Seconds = Annotated[float, Field(gt=0)]
Port = Annotated[int, Field(ge=1, le=65_535)]


class Settings(BaseSettings):
    """Environment variables without a prefix (`DATABASE_URL`), checked once at start. Secrets never print."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    database_url: SecretStr = SecretStr("postgresql+asyncpg://localhost/billing")
    """The working role's database: it owns nothing and is bound by row-level security (`ALL-4`)."""
    migration_database_url: SecretStr | None = None
    """The owning role's, for `migrate` only; without it, `database_url`."""
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 10

    kafka_bootstrap: str = "localhost:9092"

    http_host: str = "0.0.0.0"
    http_port: Port = 8000
    health_port: Port | None = None
    """Where the worker role, alone in its process, answers `/health`; nowhere when unset."""

    jwks_url: str | None = None
    token_audience: str = "billing"  # noqa: S105 - an audience, not a secret
    token_issuer: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None

    otlp_endpoint: str | None = None
    """The base address of an OTLP/HTTP collector; without it nothing is exported."""
    trace_sample_ratio: Annotated[float, Field(ge=0, le=1)] = 1.0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    patience_seconds: Annotated[float, Field(ge=0, le=10)] = 2.0
    """How long who is refused because of a figure that another service moves is let wait for it to move."""
    drain_seconds: Seconds = 20.0
    """How long requests and batches in flight may take after SIGTERM."""

    def migrations_url(self) -> str:
        """The address that migrations use, with the owning role's password in it."""
        return (self.migration_database_url or self.database_url).get_secret_value()
