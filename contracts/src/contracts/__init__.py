"""The events that the practice's systems and the billing services exchange: the only shared vocabulary."""

from contracts import (
    adjudications,
    clinical,
    clinics,
    credit_held,
    credit_requests,
    installments,
    insurance,
    invoicing,
    notifications,
    patients,
    payments,
    receipts,
    refund_adjustments,
)
from contracts.event import EVENTS, Actor, Amount, Event, Part

_BILLING = (
    clinics,
    invoicing,
    refund_adjustments,
    credit_requests,
    adjudications,
    installments,
    payments,
    credit_held,
    receipts,
    notifications,
)
TOPICS = tuple(dict.fromkeys(module.TOPIC for module in (clinical, patients, insurance, *_BILLING)))

__all__ = ["EVENTS", "TOPICS", "Actor", "Amount", "Event", "Part"]
