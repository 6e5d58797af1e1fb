"""A clinic's notification settings as they come in (`NOT-1`), and a text that is tried before it is stored."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from chassis.http import LINE_OF_WORDS, NOT_BLANK, ONE_LINE, pattern
from chassis.text import unkept
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, TypeAdapter

from notifications.channels.email.texts import LANGUAGES
from notifications.domain.notice import Notice
from notifications.domain.settings import PLACEHOLDERS, DocumentDelivery, Settings

_SETTINGS = TypeAdapter(Settings)
_LINK = pattern(r"^https://[!-~]+$", "is not an https address such as https://portal.example/{id}")


def storable(text: str) -> str:
    """Text that a column keeps. Raises ValueError."""
    if wrong := unkept(text):
        raise ValueError(wrong)
    return text


def _on_the_wall(at: time) -> time:
    return at.replace(tzinfo=None, microsecond=0)


WallTime = Annotated[time, AfterValidator(_on_the_wall)]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=LINE_OF_WORDS), AfterValidator(storable)]
Address = Annotated[str, Field(max_length=320, pattern=ONE_LINE), AfterValidator(storable)]
"""Whether it can be mailed is asked where it changes."""
Paragraphs = Annotated[str, Field(min_length=1, max_length=4_000, pattern=NOT_BLANK), AfterValidator(storable)]
Language = Literal["en", "de", "fr", "es", "ar", "pl", "uk", "ja"]
AvailableChannel = Literal["email", "sms"]
"""The channels to people; `sms` where the process has a provider of it. Webhooks have endpoints (`NOT-7`)."""


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

    start: Annotated[WallTime, Field(examples=["21:00:00"])]
    end: Annotated[WallTime, Field(examples=["08:00:00"])]


class TextBody(Body):
    """Own words; empty lines separate paragraphs."""

    subject: Annotated[Line, Field(description="May name " + ", ".join(f"{{{name}}}" for name in PLACEHOLDERS))]
    body: Paragraphs


SmsText = Annotated[str, Field(min_length=1, max_length=1_000, pattern=NOT_BLANK), AfterValidator(storable)]
Texts = Annotated[dict[Language, TextBody], Field(max_length=len(LANGUAGES))]
SmsTexts = Annotated[
    dict[Language, SmsText],
    Field(
        max_length=len(LANGUAGES),
        description="What a text message says instead, after the clinic's name and before a document's link.",
    ),
]


class LevelBody(Body):
    """A further reminder of what is still unpaid (`NOT-9`), the system's words where it has none of its own."""

    days: Annotated[StrictInt, Field(ge=1, le=365, description="How many days after it fell due.", examples=[14])]
    texts: Texts = {}
    sms_texts: SmsTexts = {}


def _each_once(channels: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(channels)) < len(channels):
        raise ValueError("names a channel twice")
    return channels


class NoticeBody(Body):
    """What is decided about one notice."""

    enabled: StrictBool = True
    channels: Annotated[tuple[AvailableChannel, ...], Field(min_length=1, max_length=2), AfterValidator(_each_once)] = (
        "email",
    )
    offset_days: Annotated[StrictInt, Field(ge=0, le=60, description="How many days later it is told.")] = 0
    texts: Texts = {}
    sms_texts: SmsTexts = {}
    levels: Annotated[
        tuple[LevelBody, ...],
        Field(max_length=4, description="Of what is overdue: the second reminder and those after it, each later."),
    ] = ()


class SettingsFields(Body):
    """All of a clinic's notification settings."""

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
            "decide, as documents and statements do; from then on it always asks for the patient's part."
        ),
    ] = True
    notices: dict[Notice, NoticeBody] = {}


class SettingsBody(SettingsFields):
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

    def to_domain(self) -> Settings:
        """As the domain has it."""
        return _SETTINGS.validate_python(self.model_dump(exclude={"reason"}))


class PreviewBody(Body):
    """Which notice, by which channel, in which language, with own words that are tried before they are stored."""

    notice: Annotated[Notice, Field(examples=["payment_recorded"])]
    language: Language = "en"
    channel: AvailableChannel = "email"
    level: Annotated[
        StrictInt | None, Field(ge=2, le=5, description="Of what is overdue: which reminder, from the second on.")
    ] = None
    text: TextBody | None = None
    sms_text: Annotated[SmsText | None, Field(description="Own words of a text message; with `channel` sms only.")] = (
        None
    )
