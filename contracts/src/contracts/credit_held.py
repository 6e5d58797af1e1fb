"""What payments announces once of credit from before: what a patient holds of which payment (`PAY-3`)."""

from __future__ import annotations

from contracts.event import Amount, Event, Part, PatientId, PaymentId, event
from contracts.payments import TOPIC


class HeldCredit(Part):
    """What a patient holds as credit of one payment."""

    payment_id: PaymentId
    amount: Amount
    """Above zero."""


@event("billing.credit.held.v1", TOPIC)
class CreditHeld(Event):
    """What a patient holds as credit, by payment, right then (`PAY-3`); what insurers overpaid is theirs, and left out.

    Each transaction says what it changes (`credit_changes`). This is said once of credit of payments from before a
    release whose services keep it; what the patient's later events change is counted from here.
    """

    patient_id: PatientId
    parts: tuple[HeldCredit, ...]
    """Each of another payment."""
