"""The email channel: from content to what the SMTP server takes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock

from notifications.channels.channel import Answer, Composed, Content
from notifications.channels.email.alerts import letter_of_alert
from notifications.channels.email.letter import letter_for
from notifications.channels.email.mail_events import MailEvents
from notifications.channels.email.mime import Envelope, Mail, mail_of
from notifications.channels.email.returns import ReturnAddresses
from notifications.channels.email.smtp import SmtpPool
from notifications.channels.links import SignedLinks
from notifications.domain.addresses import is_mailable
from notifications.domain.endpoint_alert import EndpointAlert
from notifications.domain.facts import Clinic
from notifications.domain.notice import Purpose


@dataclass(frozen=True)
class EmailChannel:
    """`system_sender` is the address of who has no own sender, and where bounces go."""

    pool: SmtpPool
    system_sender: str
    clock: Clock
    unsubscribing: SignedLinks | None = None
    """What a reminder is ended by, where strangers can reach us."""
    returns: ReturnAddresses | None = None
    """Where each message comes back to; the sender's own address where nobody reads that."""
    events: MailEvents | None = None
    """What the provider is told, where it says later what became of a mail."""

    def compose(self, content: Content) -> Composed:
        """The mail as bytes. Raises Unmailable for a recipient that no header can carry."""
        letter = letter_for(content.message, content.facts, content.clinic, content.link)
        mail = mail_of(content.message.id, letter, self._envelope(content), content.attachment, self.clock.now())
        return Composed(letter.template, letter.template_version, letter.language, mail, content.message.priority)

    def compose_alert(self, alert: EndpointAlert, clinic: Clinic, address: str, host: str) -> Composed:
        """A mail to the clinic itself, from the system (`NOT-7.7`). Raises Unmailable."""
        letter = letter_of_alert(alert, clinic, host)
        envelope = Envelope(clinic.name, self.system_sender, None, clinic.name, address, self.system_sender)
        mail = mail_of(alert.id, letter, envelope, None, self.clock.now())
        return Composed(letter.template, letter.template_version, letter.language, mail)

    async def send(self, composed: Composed, clinic_id: UUID) -> Answer:
        """Hand it to the SMTP server."""
        mail: Mail = composed.form
        return await self.pool.send(mail, clinic_id, composed.priority)

    def _envelope(self, content: Content) -> Envelope:
        sender, patient = content.facts.settings.sender, content.facts.patient
        return Envelope(
            from_name=sender.name or content.clinic.name,
            from_address=_first_mailable(sender.address) or self.system_sender,
            reply_to=_first_mailable(sender.reply_to, content.clinic.email),
            to_name=patient.name if patient else "",
            to_address=content.address,
            unsubscribe=self._unsubscribe(content),
            bounce_to=self.returns.address_of(content.message.id) if self.returns else self.system_sender,
            to_provider=self.events.header_for(content.message.clinic_id, content.message.id) if self.events else None,
        )

    def _unsubscribe(self, content: Content) -> str | None:
        """What tells of money and documents is no list: only reminders can be ended (`NOT-2.3`)."""
        message = content.message
        if self.unsubscribing is None or message.notice.purpose is not Purpose.REMINDERS:
            return None
        return self.unsubscribing.link_of(message.clinic_id, message.id)


def _first_mailable(*addresses: str | None) -> str | None:
    """What a clinic mistyped holds up none of its messages."""
    return next((address for address in addresses if address and is_mailable(address)), None)
