"""Events that partners have sent to them: what anybody may know of each, from the contract (`NOT-7`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from chassis.database import Work
from chassis.messaging import Message, Subscription
from chassis.messaging.message import Handler
from contracts.personal import public

from contracts import EVENTS
from notifications.domain.webhook import EVENT_TYPES
from notifications.use_cases.forward_events import ForwardEvent, forward_events


def forwarding(subscription: Subscription) -> Subscription:
    """The subscription, whose events go to endpoints, too, in the transaction in which they are handled."""
    handlers = {
        event_type: _forwarding(handler) if event_type in EVENT_TYPES else handler
        for event_type, handler in subscription.handlers.items()
    }
    return replace(subscription, handlers=handlers)


def _forwarding(handler: Handler) -> Handler:
    async def on_events(work: Work, messages: Sequence[Message]) -> None:
        await handler(work, messages)
        await forward_events(work, [_command(message) for message in messages])

    return on_events


def _command(message: Message) -> ForwardEvent:
    return ForwardEvent(message.clinic_id, message.id, message.type, lambda: _payload(message))


def _payload(message: Message) -> str:
    """The body as Standard Webhooks recommends it, without what is about a person (`ALL-6`)."""
    event = EVENTS[message.type].model_validate_json(message.data)
    body = {"type": message.type, "timestamp": message.time.isoformat(), "data": public(event)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
