"""What the service is told by its environment, beyond what the chassis asks for."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from chassis.known_secrets import LAPTOP
from chassis.listening_settings import Port
from chassis.settings import Settings
from pydantic import Field, SecretStr, field_validator, model_validator

from notifications.channels.email.mail_events import public_key

_KEY_LENGTH: Final = 32


class NotificationsSettings(Settings):
    """Environment variables without a prefix: SMTP_HOST, RECEIPTS_URL."""

    smtp_host: str = "localhost"
    smtp_port: Port = 25
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_connections: Annotated[int, Field(ge=1, le=50)] = 4
    smtp_timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 10.0
    smtp_per_second: Annotated[float, Field(gt=0, le=1_000)] | None = None
    """How many mails a second the server takes, of all workers together; as many as there are when unset."""
    smtp_sender: Annotated[str, Field(pattern=r"^[^\s<>@]+@[^\s<>@]+$")] = "no-reply@localhost"
    """Who sends for clinics without an address of their own, and where bounces go that nobody reads."""
    token_key: SecretStr | None = None
    """What tokens in addresses and links are signed with: 32 characters or more, the same in every process."""
    public_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] | None = None
    """Where strangers reach this service's API (`https://desk.example/api/notifications`), for links in reminders."""
    bounce_address: Annotated[str, Field(pattern=r"^[^\s<>@+]{1,20}@[^\s<>@]+$")] | None = None
    """The mailbox that bounces come back to, at an address for each message: `bounces+…@` (RFC 5233)."""
    mail_events_key: str | None = None
    """The public key by which the mail provider signs what it says later (SendGrid's Event Webhook): DER in base64."""
    imap_host: str | None = None
    """Where that mailbox is read; nowhere when unset."""
    imap_port: Port = 993
    imap_security: Literal["none", "starttls", "tls"] = "tls"
    imap_username: str = ""
    imap_password: SecretStr | None = None
    imap_folder: str = "INBOX"
    """Only bounces come there: what is none is moved to the folder `Other`."""
    imap_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10.0
    sms_url: str | None = None
    """A provider with Twilio's HTTP API (`https://api.twilio.com`); without one, clinics cannot choose SMS."""
    sms_account_sid: Annotated[str, Field(pattern=r"^[A-Za-z0-9]*$")] = ""
    sms_auth_token: SecretStr | None = None
    sms_sender: str = ""
    """The number or name that messages come from, or a messaging service (`MG…`)."""
    sms_connections: Annotated[int, Field(ge=1, le=50)] = 4
    sms_timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 10.0
    sms_per_second: Annotated[float, Field(gt=0, le=1_000)] | None = None
    webhook_private_addresses: bool = False
    """Whether webhooks may go to addresses of the network that the service is in, and by http: to try them out."""
    receipts_url: str = "http://localhost:8003"

    @field_validator("mail_events_key")
    @classmethod
    def _is_a_key(cls, given: str | None) -> str | None:
        if given is not None:
            public_key(given)
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        on_laptop = self.environment == LAPTOP
        if self.token_key is not None and not on_laptop and len(self.token_key.get_secret_value()) < _KEY_LENGTH:
            raise ValueError(f"TOKEN_KEY is shorter than {_KEY_LENGTH} characters")
        if self.bounce_address is not None and self.token_key is None:
            raise ValueError("BOUNCE_ADDRESS needs a TOKEN_KEY")
        if self.public_url is not None and self.token_key is None:
            raise ValueError("PUBLIC_URL needs a TOKEN_KEY")
        if self.mail_events_key is not None and self.token_key is None:
            raise ValueError("MAIL_EVENTS_KEY needs a TOKEN_KEY")
        if self.imap_host is not None and self.bounce_address is None:
            raise ValueError("IMAP_HOST needs a BOUNCE_ADDRESS")
        return self
