"""What the front desk is told by its environment."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from chassis.known_secrets import require_own
from chassis.listening_settings import ListeningSettings
from pydantic import Field, SecretStr, field_validator, model_validator

SCOPES = (
    "openid invoices:read invoices:write invoices:approve payments:read payments:write payments:reverse "
    "payments:approve receipts:read notifications:read notifications:write settings:read settings:write operations"
)
"""What is asked of the provider for whoever signs in, who gets of it what is theirs (`ALL-5`)."""


class FrontDeskSettings(ListeningSettings):
    """Environment variables without a prefix (`PUBLIC_URL`), checked once at start. Secrets never print."""

    environment: str = "production"
    """`local` on a laptop, where secrets may be known ones."""
    public_url: str = "http://127.0.0.1:8000"
    """The address that people type; with https, cookies are for secure connections only."""
    session_secret: SecretStr
    """What the session's cookie is sealed with; at least 12 characters, the same in every process."""
    session_hours: Annotated[float, Field(gt=0, le=24)] = 12.0
    """How long a person stays signed in at most."""

    provider_url: str
    """The OpenID Connect provider: `/.well-known/openid-configuration` below it says the rest."""
    provider_public_url: str | None = None
    """Where browsers reach the provider, if not at `provider_url`, as with containers."""
    client_id: str = "front-desk"
    client_secret: SecretStr | None = None
    """None for a public client: the code is then protected by PKCE alone, as it is anyway."""
    provider_scopes: str = SCOPES

    invoicing_url: str
    payments_url: str
    receipts_url: str
    notifications_url: str
    answer_seconds: Annotated[float, Field(gt=0, le=60)] = 15.0
    """How long a service may take to answer before a page goes on without it."""

    otlp_endpoint: str | None = None
    trace_sample_ratio: Annotated[float, Field(ge=0, le=1)] = 1.0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("public_url", "provider_url", "invoicing_url", "payments_url", "receipts_url", "notifications_url")
    @classmethod
    def _without_slash(cls, given: str) -> str:
        if not given.startswith(("http://", "https://")):
            raise ValueError("is no address of HTTP")
        return given.rstrip("/")

    @field_validator("client_secret", "otlp_endpoint", "provider_public_url", mode="before")
    @classmethod
    def _empty_is_none(cls, given: object) -> object:
        return None if given == "" else given

    @model_validator(mode="after")
    def _own_secrets(self) -> Self:
        for secret in (self.session_secret, self.client_secret):
            if secret is not None:
                require_own(self.environment, secret.get_secret_value(), [self.client_id])
        return self

    @property
    def secure(self) -> bool:
        """Whether people reach it over TLS."""
        return self.public_url.startswith("https://")
