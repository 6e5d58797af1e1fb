"""The events that the practice's systems and the billing services exchange: the only shared vocabulary."""

from contracts import (
    adjudications,
    clinical,
    clinics,
    installments,
    insurance,
    invoicing,
    notifications,
    patients,
    payments,
    receipts,
)
from contracts.event import EVENTS, Actor, Amount, Event, Part

_BILLING = (clinics, invoicing, adjudications, installments, payments, receipts, notifications)
TOPICS = tuple(dict.fromkeys(module.TOPIC for module in (clinical, patients, insurance, *_BILLING)))

__all__ = ["EVENTS", "TOPICS", "Actor", "Amount", "Event", "Part"]
