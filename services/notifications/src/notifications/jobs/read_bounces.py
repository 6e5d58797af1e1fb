"""Every minute: mail that came back is read, and its addresses are sent to no more (`NOT-8.2`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chassis.database.clinic_directory import clinics_by_part
from chassis.resources import Resources

from notifications.channels.email.bounce_mailbox import BounceMailbox, ReturnedMail
from notifications.channels.email.returns import ReturnAddresses, bounce_in
from notifications.domain.bounce import Bounce
from notifications.use_cases.record_bounces import record_bounces

ACTOR: Final = "job:read_bounces"
EVERY_SECONDS: Final = 60.0
AT_ONCE: Final = 50
MOST_BATCHES: Final = 20
"""Of a run; what is left is the next one's."""


async def read_bounces(resources: Resources) -> None:
    """Read the mailbox, oldest first. What is recorded and was not deleted is read again, and changes nothing."""
    mailbox: BounceMailbox | None = resources.state.bounce_mailbox
    if mailbox is None:
        return
    async with mailbox.opened() as session:
        for _ in range(MOST_BATCHES):
            mails = await session.first(AT_ONCE)
            if not mails:
                return
            found = _bounces_in(mails, resources.state.return_addresses)
            await record_everywhere(resources, list(found.values()))
            await session.finish(list(found), [mail.uid for mail in mails if mail.uid not in found])


async def record_everywhere(resources: Resources, bounces: Sequence[Bounce]) -> None:
    """Record bounces, of whichever clinics' messages they are: an address that mail comes back to names no clinic."""
    if not bounces:
        return
    async for clinic_ids in clinics_by_part(resources.database):
        async with resources.database.transaction(clinic_ids, ACTOR) as work:
            await record_bounces(work, bounces)


def _bounces_in(mails: Sequence[ReturnedMail], returns: ReturnAddresses) -> dict[int, Bounce]:
    read = {mail.uid: bounce_in(mail.content, returns) for mail in mails}
    return {uid: bounce for uid, bounce in read.items() if bounce is not None}
