"""What a service is told by its environment; a service subclasses this for settings of its own."""

from __future__ import annotations

import os
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from chassis.broker_settings import BrokerSettings
from chassis.database.address import require_usable
from chassis.known_secrets import require_own, secrets_in
from chassis.listening_settings import ListeningSettings, Port, Seconds

_PASSWORD_BESIDE_ADDRESSES = "PGPASSWORD"  # noqa: S105 - a variable's name


class Settings(ListeningSettings, BrokerSettings):
    """Environment variables without a prefix (`DATABASE_URL`), checked once at start. Secrets never print."""

    database_url: SecretStr = SecretStr("postgresql+asyncpg://localhost/billing")
    """The working role's database: it owns nothing and is bound by row-level security (`ALL-4`).

    As libpq has addresses: `?sslmode=verify-full&sslrootcert=/run/secrets/ca.pem`, `sslcert`, `sslkey` and so on.
    """
    migration_database_url: SecretStr | None = None
    """The owning role's, for `migrate` only; without it, `database_url`."""
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 10

    health_port: Port | None = None
    """Where a process with the worker role answers `/health`, and how far behind it is; nowhere when unset."""
    line_seconds: Seconds = 2.0
    """How long a request may stand in line; one that would for longer is refused at once (429, 503)."""

    jwks_url: str | None = None
    token_audience: str = "billing"  # noqa: S105 - an audience, not a secret
    token_issuer: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None

    otlp_endpoint: str | None = None
    """The base address of an OTLP/HTTP collector; without it nothing is exported."""
    metrics_seconds: Annotated[float, Field(gt=0, le=300)] = 10.0
    """How often a worker looks how far behind it is, and every process tells its metrics."""
    trace_sample_ratio: Annotated[float, Field(ge=0, le=1)] = 1.0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    patience_seconds: Annotated[float, Field(ge=0, le=10)] = 2.0
    """How long who is refused because of a figure that another service moves is let wait for it to move."""
    dismissed_data_days: Annotated[int, Field(ge=0, le=3_650)] = 30
    """How long a dismissed dead letter keeps its data, which may be personal: so long a dismissal can be taken back."""
    start_seconds: Annotated[float, Field(ge=0, le=600)] = 30.0
    """How long a process that starts waits for its database to answer, before it ends and says so."""

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _usable(cls, given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if given is not None:
            address = given.get_secret_value()
            require_usable(address)
            beside = os.environ.get(_PASSWORD_BESIDE_ADDRESSES)
            if beside and not any(secrets_in(address)):  # as libpq does, the driver takes it then
                require_own(info.data.get("environment", ""), beside)
        return given

    def migrations_url(self) -> str:
        """The address that migrations use, with the owning role's password in it."""
        return (self.migration_database_url or self.database_url).get_secret_value()
