"""Record mail that came back: its messages say so, and of a hard bounce the address is suppressed (`NOT-8.2`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.telemetry import meter

from notifications.announcements import announce_failed
from notifications.domain.bounce import Bounce, is_hard
from notifications.domain.message import Message, State
from notifications.domain.suppressed_address import SuppressedAddress
from notifications.persistence import messages, suppressed_addresses

_RETURNING = (State.SENT, State.UNKNOWN)
"""What can still come back; what has come back does so once, however often its bounce is read."""
_bounced = meter.create_counter("dental_billing.notices.bounced", unit="{message}")
_suppressed = meter.create_counter("dental_billing.addresses.suppressed", unit="{address}")


async def record_bounces(work: Work, bounces: Sequence[Bounce]) -> int:
    """Record those whose messages are of the transaction's clinics; how many. Those of other clinics are left alone."""
    status_of = {bounce.message_id: bounce.status for bounce in bounces}
    locked = await messages.locked(work, sorted(status_of))
    returned = [message for message in locked if message.state in _RETURNING]
    await _store(work, [(message, status_of[message.id]) for message in returned])
    for message in returned:
        _bounced.add(1, {"channel": message.channel.value, "hard": is_hard(status_of[message.id])})
    await suppress(work, [(message, status_of[message.id]) for message in returned])
    return len(returned)


async def suppress(work: Work, undelivered: Sequence[tuple[Message, str]]) -> None:
    """Send nothing more to the addresses of these messages, as far as their statuses say that it is the address."""
    found = [
        SuppressedAddress(
            id=new_id(),
            clinic_id=message.clinic_id,
            patient_id=message.contact_of or message.patient_id,
            channel=message.channel,
            address=message.address,
            status=status,
            message_id=message.id,
            suppressed_at=work.now,
        )
        for message, status in undelivered
        if message.address and is_hard(status)
    ]
    _suppressed.add(await suppressed_addresses.add(work, found))


async def _store(work: Work, returned: Sequence[tuple[Message, str]]) -> None:
    changes = [
        {"id": message.id, "state": State.BOUNCED, "provider_answer": _words(status), "due_at": None}
        for message, status in returned
    ]
    versions = await messages.change(work, changes, answers_to=_RETURNING)
    made = [message.attempt(State.BOUNCED, _words(status), at=work.now, by=work.actor) for message, status in returned]
    await messages.add_attempts(work, made)
    for message, _ in returned:
        announce_failed(work, replace(message, state=State.BOUNCED), versions[message.id], "refused")


def _words(status: str) -> str:
    return f"it came back: {status}"
