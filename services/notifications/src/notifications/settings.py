"""What the service is told by its environment, beyond what the chassis asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from chassis.settings import Port, Settings
from pydantic import Field, SecretStr


class NotificationsSettings(Settings):
    """Environment variables without a prefix: SMTP_HOST, RECEIPTS_URL."""

    smtp_host: str = "localhost"
    smtp_port: Port = 25
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_connections: Annotated[int, Field(ge=1, le=50)] = 4
    smtp_timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 10.0
    smtp_sender: Annotated[str, Field(pattern=r"^[^\s<>@]+@[^\s<>@]+$")] = "no-reply@localhost"
    """Who sends for clinics without an address of their own, and where bounces go."""
    sms_url: str | None = None
    """A provider with Twilio's HTTP API (`https://api.twilio.com`); without one, clinics cannot choose SMS."""
    sms_account_sid: Annotated[str, Field(pattern=r"^[A-Za-z0-9]*$")] = ""
    sms_auth_token: SecretStr | None = None
    sms_sender: str = ""
    """The number or name that messages come from, or a messaging service (`MG…`)."""
    sms_connections: Annotated[int, Field(ge=1, le=50)] = 4
    sms_timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 10.0
    webhook_private_addresses: bool = False
    """Whether webhooks may go to addresses of the network that the service is in, and by http: to try them out."""
    receipts_url: str = "http://localhost:8003"
