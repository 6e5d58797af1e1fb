"""The events that the practice's systems and the billing services exchange: the only shared vocabulary."""

from contracts import clinical, clinics, installments, insurance, invoicing, notifications, patients, payments, receipts
from contracts.event import EVENTS, Actor, Amount, Event, Part

_MODULES = (clinical, patients, insurance, clinics, invoicing, installments, payments, receipts, notifications)
TOPICS = tuple(dict.fromkeys(module.TOPIC for module in _MODULES))

__all__ = ["EVENTS", "TOPICS", "Actor", "Amount", "Event", "Part"]
