"""Events in and out: outbox and relay, inbox and consumer, dead letters and replay."""

from chassis.messaging.errors import NotYet, Permanent
from chassis.messaging.message import Handler, Message, Subscription

__all__ = ["Handler", "Message", "NotYet", "Permanent", "Subscription"]
