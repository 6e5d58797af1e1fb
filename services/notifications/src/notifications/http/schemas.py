"""What requests and answers look like on the wire."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import NOT_BLANK, ONE_LINE, pattern
from chassis.text import unkept
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from notifications.channels.email.texts import LANGUAGES
from notifications.domain.masking import masked
from notifications.domain.message import Cause, Message, State
from notifications.domain.notice import Notice
from notifications.domain.quiet_hours import QuietHours
from notifications.domain.settings import (
    PLACEHOLDERS,
    Channel,
    DocumentDelivery,
    NoticeSettings,
    OwnText,
    Sender,
    Settings,
)
from notifications.persistence.queries import AttemptRow
from notifications.persistence.settings import SettingsVersion

_ADDRESS = pattern(
    r"^[^\s<>@\"(),:;\\]{1,64}@[^\s<>@\"(),:;\\]{1,250}$", "is not an email address such as desk@example.org"
)
_LINK = pattern(r"^https://[!-~]+$", "is not an https address such as https://portal.example/{id}")


def _storable(text: str) -> str:
    if wrong := unkept(text):
        raise ValueError(wrong)
    return text


Line = Annotated[str, Field(min_length=1, max_length=200, pattern=ONE_LINE), AfterValidator(_storable)]
Address = Annotated[str, Field(max_length=320, pattern=_ADDRESS), AfterValidator(_storable)]
Paragraphs = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(_storable)]
Language = Literal["en", "de", "fr", "es", "ar"]
AvailableChannel = Literal["email"]
"""The channels that are in the registry; SMS and webhooks join it when they exist."""


class Body(BaseModel):
    """A request body: what is not known is refused, so that a typing error is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SenderBody(Body):
    """In whose name messages go out."""

    name: Line | None = None
    address: Address | None = Field(
        default=None,
        description="The system's own address where none is given. Your domain has to permit it (SPF).",
        examples=["desk@example.org"],
    )
    reply_to: Address | None = Field(
        default=None, description="The clinic's email where none is given.", examples=["desk@example.org"]
    )


class QuietHoursBody(Body):
    """Nobody is disturbed from `start` until before `end`, on the patient's clock, else the clinic's."""

    start: Annotated[time, Field(examples=["21:00:00"])]
    end: Annotated[time, Field(examples=["08:00:00"])]


class TextBody(Body):
    """Own words; empty lines separate paragraphs."""

    subject: Annotated[Line, Field(description="May name " + ", ".join(f"{{{name}}}" for name in PLACEHOLDERS))]
    body: Paragraphs


class NoticeBody(Body):
    """What is decided about one notice."""

    enabled: StrictBool = True
    channels: Annotated[tuple[AvailableChannel, ...], Field(min_length=1, max_length=1)] = ("email",)
    offset_days: Annotated[StrictInt, Field(ge=0, le=60, description="How many days later it is told.")] = 0
    texts: Annotated[dict[Language, TextBody], Field(max_length=len(LANGUAGES))] = {}


class _Settings(Body):
    sender: SenderBody = SenderBody()
    documents: DocumentDelivery = DocumentDelivery.ATTACHED
    document_link: Annotated[
        str | None,
        Field(
            max_length=500,
            pattern=_LINK,
            description="Where documents are, if not attached: an https address with `{id}` and, optionally, `{kind}`.",
            examples=["https://portal.example/{kind}/{id}"],
        ),
    ] = None
    quiet_hours: QuietHoursBody | None = None
    ask_estimated_share: Annotated[
        StrictBool,
        Field(
            description="Whether a reminder of an invoice leaves out what insurers are estimated to take, until they "
            "decide; from then on it always asks for the patient's part."
        ),
    ] = False
    notices: dict[Notice, NoticeBody] = {}


class SettingsBody(_Settings):
    """A clinic's notification settings, as a whole, and why they change."""

    reason: Annotated[
        str,
        Field(
            min_length=1,
            max_length=500,
            pattern=NOT_BLANK,
            description="Why; kept with the version (`ALL-5`).",
            examples=["patients were woken by reminders"],
        ),
    ]

    def to_settings(self) -> Settings:
        """As the domain has it."""
        quiet = self.quiet_hours
        return Settings(
            sender=Sender(self.sender.name, self.sender.address, self.sender.reply_to),
            documents=self.documents,
            document_link=self.document_link,
            quiet_hours=QuietHours(_wall(quiet.start), _wall(quiet.end)) if quiet else None,
            ask_estimated_share=self.ask_estimated_share,
            notices={notice: _notice(one) for notice, one in self.notices.items()},
        )


class SettingsOut(_Settings):
    """The settings in force; every notice is listed, with its default where nothing was decided."""

    version: int

    @classmethod
    def of(cls, settings: Settings) -> SettingsOut:
        """As the wire has it."""
        quiet, sender = settings.quiet_hours, settings.sender
        return cls(
            version=settings.version,
            sender=SenderBody(name=sender.name, address=sender.address, reply_to=sender.reply_to),
            documents=settings.documents,
            document_link=settings.document_link,
            quiet_hours=QuietHoursBody(start=quiet.start, end=quiet.end) if quiet else None,
            ask_estimated_share=settings.ask_estimated_share,
            notices={notice: _notice_body(settings.of(notice)) for notice in Notice},
        )


class SettingsVersionOut(BaseModel):
    """One version of the settings: who made it, when and why; what it said is at `…/versions/{version}`."""

    version: Annotated[int, Field(examples=[2])]
    changed_at: datetime
    changed_by: Annotated[str, Field(examples=["owner:11d0"])]
    reason: Annotated[
        str | None,
        Field(
            description="Null for versions from before it was asked for.", examples=["patients were woken by reminders"]
        ),
    ]

    @classmethod
    def of(cls, version: SettingsVersion) -> SettingsVersionOut:
        """As the wire has it."""
        return cls.model_construct(**{name: getattr(version, name) for name in cls.model_fields})


class MessageOut(BaseModel):
    """One line of the log (`NOT-6`). The recipient is masked."""

    id: UUID
    patient_id: UUID
    notice: Notice
    about_event_id: str
    about_event_type: str
    channel: Channel
    recipient: str | None
    state: State
    cause: Cause | None
    template: str | None
    template_version: int
    language: str | None
    attempts: int
    provider_answer: str | None
    planned_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None

    @classmethod
    def of(cls, message: Message) -> MessageOut:
        """As the wire has it."""
        return cls.model_construct(**cls._members(message))

    @classmethod
    def _members(cls, message: Message) -> dict[str, Any]:
        shown = {name: getattr(message, name) for name in MessageOut.model_fields if name != "recipient"}
        return shown | {"recipient": masked(message.address) if message.address else None}


class AttemptOut(BaseModel):
    """One line of a message's history."""

    number: int
    at: datetime
    outcome: str
    detail: str | None
    by: str

    @classmethod
    def of(cls, row: AttemptRow) -> AttemptOut:
        """As the wire has it."""
        return cls.model_construct(number=row.number, at=row.at, outcome=row.outcome, detail=row.detail, by=row.by)


class MessageWithHistory(MessageOut):
    """One message and all that happened to it, oldest first."""

    history: list[AttemptOut]

    @classmethod
    def with_history(cls, message: Message, rows: list[AttemptRow]) -> MessageWithHistory:
        """As the wire has it."""
        return cls.model_construct(**cls._members(message), history=[AttemptOut.of(row) for row in rows])


class ResendBody(Body):
    """Why it is sent again by hand."""

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=NOT_BLANK, examples=["The patient did not get it."]),
        AfterValidator(_storable),
    ]


class PreviewBody(Body):
    """Which notice, in which language, with which own text if it is to be tried before it is stored."""

    notice: Annotated[Notice, Field(examples=["payment_recorded"])]
    language: Language = "en"
    text: TextBody | None = None


class PreviewOut(BaseModel):
    """A sample message with made-up values."""

    language: str
    subject: str
    text: str
    html: str


class DifferenceOut(BaseModel):
    """Two figures that should be one."""

    what: str
    expected: str
    found: str


class ProofOut(BaseModel):
    """What the log of messages adds up to; proven when there is no difference (`ALL-8`)."""

    proven: bool
    counts: dict[State, int]
    due: int
    oldest_claim_at: datetime | None
    differences: list[DifferenceOut]


def _wall(at: time) -> time:
    return at.replace(tzinfo=None, microsecond=0)


def _notice(body: NoticeBody) -> NoticeSettings:
    return NoticeSettings(
        enabled=body.enabled,
        channels=tuple(Channel(channel) for channel in body.channels),
        offset_days=body.offset_days,
        texts={language: OwnText(text.subject, text.body) for language, text in body.texts.items()},
    )


def _notice_body(settings: NoticeSettings) -> NoticeBody:
    texts = {language: TextBody(subject=text.subject, body=text.body) for language, text in settings.texts.items()}
    return NoticeBody.model_validate(
        {
            "enabled": settings.enabled,
            "channels": [channel.value for channel in settings.channels],
            "offset_days": settings.offset_days,
            "texts": texts,
        }
    )
