"""The SMS channel: from content to what a provider takes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

import phonenumbers

from notifications.channels.channel import Answer, Composed, Content, Outcome
from notifications.channels.email.letter import letter_for
from notifications.channels.links import SignedLinks
from notifications.channels.places import Places
from notifications.channels.sms.provider import SmsProvider
from notifications.channels.sms.text import text_of
from notifications.domain.addresses import dialable


@dataclass(frozen=True)
class TextMessage:
    """What goes over the wire."""

    number: str
    text: str
    tell: str | None = None
    """Where the provider says later whether it arrived."""


class SmsChannel:
    """Hands text messages over, a few at once, and never one clinic's at all places of several (`ALL-4`)."""

    def __init__(self, provider: SmsProvider, connections: int, links: SignedLinks | None = None) -> None:
        self._provider = provider
        self._links = links
        self._connections = connections
        self._free = Places(connections)
        self._shares: WeakValueDictionary[UUID, Places] = WeakValueDictionary()

    def compose(self, content: Content) -> Composed:
        """The words of the email in the patient's language, without its form. Nothing is attached."""
        letter = letter_for(content.message, content.facts, content.clinic, content.link)
        message = content.message
        tell = self._links.link_of(message.clinic_id, message.id) if self._links else None
        form = TextMessage(dialable(content.address) or "", text_of(letter), tell)
        return Composed(letter.template, letter.template_version, letter.language, form, content.message.priority)

    async def send(self, composed: Composed, clinic_id: UUID) -> Answer:
        """Hand it over in its clinic's turn; a number that no plan of numbers has is refused without asking anybody."""
        message: TextMessage = composed.form
        if not _is_possible(message.number):
            return Answer(Outcome.REFUSED, "the number can never be reached")
        share = self._shares.setdefault(clinic_id, Places(max(1, self._connections - 1)))
        async with share.taken(composed.priority), self._free.taken(composed.priority):
            return await self._provider.send(message.number, message.text, message.tell)


def _is_possible(number: str) -> bool:
    """By the countries' plans of numbers (E.164)."""
    try:
        reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE
