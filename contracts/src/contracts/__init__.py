"""The events that the practice's systems and the billing services exchange: the only shared vocabulary."""

from contracts import clinical, clinics, insurance, invoicing, notifications, patients, payments, receipts
from contracts.event import EVENTS, Actor, Amount, Event, Part

TOPICS = tuple(
    module.TOPIC for module in (clinical, patients, insurance, clinics, invoicing, payments, receipts, notifications)
)

__all__ = ["EVENTS", "TOPICS", "Actor", "Amount", "Event", "Part"]
