"""End reminders to an address because whoever reads its mail asked for that (`NOT-2.5`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from notifications.domain.notice import Purpose
from notifications.domain.suppressed_address import UNSUBSCRIBED, SuppressedAddress
from notifications.persistence import messages, suppressed_addresses


async def unsubscribe(work: Work, message_id: UUID) -> None:
    """Send no more reminders to where a message went; asked twice, it is done once.

    Of a message that is gone, or whose patient was forgotten, there is nothing left to be ended.
    """
    message = await messages.get(work, message_id)
    if message is None or message.address is None:
        return
    ended = SuppressedAddress(
        id=new_id(),
        clinic_id=message.clinic_id,
        patient_id=message.contact_of or message.patient_id,
        channel=message.channel,
        address=message.address,
        status=UNSUBSCRIBED,
        message_id=message.id,
        suppressed_at=work.now,
        purpose=Purpose.REMINDERS,
    )
    await suppressed_addresses.add(work, [ended])
