"""What can be refused, as facts with their data.

NotificationError
├── MessageUnknown
├── ResendRefused
├── UnknownPlaceholder
├── DocumentLinkMissing
├── SenderUnmailable
├── ChannelMissing
├── DocumentsBySms
├── EndpointUnknown
├── EndpointChanged
├── EndpointsTooMany
├── EndpointAddressRefused
├── LevelsMisplaced
├── LevelsOutOfOrder
├── SuppressionUnknown
└── SuppressionLifted
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.sentence import Sentence

if TYPE_CHECKING:
    from uuid import UUID


class NotificationError(Exception):
    """The root of this service's refusals."""

    field: str | None = None
    extensions: dict[str, Any]

    def __init__(self, detail: str, **extensions: Any) -> None:
        super().__init__(detail)
        self.extensions = extensions


class MessageUnknown(NotificationError):
    """The clinic has no such message."""

    def __init__(self, message_id: UUID) -> None:
        super().__init__(f"There is no message {message_id} in this clinic.")


class ResendRefused(NotificationError):
    """What is on its way, itself or as a copy, is not sent again beside that (`NOT-3`, `NOT-8.3`)."""

    def __init__(self, state: str, copy_id: UUID | None = None) -> None:
        what = "The message" if copy_id is None else f"Its copy {copy_id}"
        super().__init__(f"{what} is {state}: what is on its way cannot be sent again.", state=state)


class UnknownPlaceholder(NotificationError):
    """A clinic's own text names something that the system cannot fill in."""

    def __init__(self, field: str, placeholder: str, known: tuple[str, ...]) -> None:
        super().__init__(Sentence("{{{placeholder}}} is not known here.", placeholder=placeholder), known=list(known))
        self.field = field


class DocumentLinkMissing(NotificationError):
    """A clinic that sends links instead of documents has to say where they lead (`NOT-5`)."""

    field = "document_link"

    def __init__(self) -> None:
        super().__init__("With documents by link, document_link has to be an https address with {id} in it.")


class SenderUnmailable(NotificationError):
    """A sender's address, or where answers go, can never be mailed (`NOT-8.1`)."""

    def __init__(self, field: str) -> None:
        super().__init__("is not an email address such as desk@example.org")
        self.field = field


class EndpointUnknown(NotificationError):
    """The clinic has no such webhook endpoint."""

    def __init__(self, endpoint_id: UUID) -> None:
        super().__init__(f"There is no webhook endpoint {endpoint_id} in this clinic.")


class EndpointChanged(NotificationError):
    """Somebody else has changed the endpoint since it was read (`ALL-3`)."""

    def __init__(self, version: int) -> None:
        super().__init__(f"The endpoint is at version {version} now.", version=version)


class EndpointsTooMany(NotificationError):
    """A clinic has only so many endpoints: each gets a copy of what happens."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A clinic has at most {most} webhook endpoints; remove one first.", most=most)


class EndpointAddressRefused(NotificationError):
    """Where events would be sent is no public https address (`NOT-7.4`)."""

    field = "url"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class ChannelMissing(NotificationError):
    """Nobody has set up a provider of that channel."""

    def __init__(self, notice: str, channel: str) -> None:
        super().__init__(Sentence("There is no provider of {channel} here.", channel=channel))
        self.field = f"notices.{notice}.channels"


class DocumentsBySms(NotificationError):
    """A text message carries no document, so it says where one is (`NOT-1.6`)."""

    def __init__(self, notice: str) -> None:
        super().__init__("By sms a document goes as a link only: choose `linked` documents, or no sms.")
        self.field = f"notices.{notice}.channels"


class SuppressionUnknown(NotificationError):
    """The clinic has suppressed no such address."""

    def __init__(self, suppression_id: UUID) -> None:
        super().__init__(f"There is no suppressed address {suppression_id} in this clinic.")


class SuppressionLifted(NotificationError):
    """Something is sent there again already."""

    def __init__(self, suppression_id: UUID) -> None:
        super().__init__(f"The suppression {suppression_id} is lifted already.")


class LevelsMisplaced(NotificationError):
    """Only what is overdue is said again (`NOT-9`)."""

    def __init__(self, notice: str, field: str | None = None) -> None:
        super().__init__("Only what is overdue has further levels.")
        self.field = field or f"notices.{notice}.levels"


class LevelsOutOfOrder(NotificationError):
    """A further reminder comes after the one before it (`NOT-9`)."""

    def __init__(self, field: str, after: int) -> None:
        super().__init__(Sentence("is to be more than {after}, when the reminder before it goes out.", after=after))
        self.field = field
