"""The clinic, and what happened in its chair."""

from __future__ import annotations

from datetime import date

from contracts.addresses import PostalAddress
from contracts.clinical import (
    AppointmentClosed,
    PlannedItem,
    ProcedureCompleted,
    ProcedureReverted,
    TreatmentPlanAccepted,
)
from contracts.clinics import ClinicConfigured
from contracts.golden.example import (
    AMARA,
    CLINIC,
    DENTIST,
    FILLING,
    FLUORIDE,
    INSURER,
    PLAN,
    PLAN_ITEM,
    VISIT,
    Golden,
    at,
    numbered,
    usd,
)

CLINICAL = "/practice/clinical"

CONFIGURED = ClinicConfigured(
    clinic_id=CLINIC,
    occurred_at=at(2, 13),
    version=3,
    name="Maple Street Dental",
    legal_name="Maple Street Dental Associates, P.C.",
    address=PostalAddress(
        lines=("240 Maple Street", "Suite 2"), city="Springfield", region="MA", postal_code="01105", country="US"
    ),
    phone="+1 413 555 0142",
    email="front.desk@maple-street.example",
    tax_number="04-5550142",
    npi="1234567893",
    currency="USD",
    time_zone="America/New_York",
    language="en-US",
    paper="Letter",
    receipt_shows_note=True,
    retention_years=7,
    books_closed_until=date(2026, 10, 1),
)

COMPLETED = ProcedureCompleted(
    clinic_id=CLINIC,
    occurred_at=at(20, 14, 42),
    procedure_id=FILLING,
    patient_id=AMARA,
    appointment_id=VISIT,
    provider_id=DENTIST,
    provider_name="Dr. Inés Calderón",
    provider_npi="1987654328",
    code_system="SNOMED-CT",
    code="1259293006",
    description="Composite filling, two surfaces",
    tooth="36",
    surface="MO",
    oral_cavity_area="30",
    place_of_service="11",
    prior_authorization="PA-55120",
    date_of_service=date(2026, 11, 20),
    fee=usd("215.00"),
)

REVERTED = ProcedureReverted(
    clinic_id=CLINIC,
    occurred_at=at(20, 14, 50),
    procedure_id=FLUORIDE,
    patient_id=AMARA,
    appointment_id=VISIT,
    reason="Entered on the wrong patient",
)

CLOSED = AppointmentClosed(
    clinic_id=CLINIC,
    occurred_at=at(20, 15, 5),
    appointment_id=VISIT,
    patient_id=AMARA,
    primary_payer_id=INSURER,
    primary_payer_name="Harbor Dental Mutual",
)

ACCEPTED = TreatmentPlanAccepted(
    clinic_id=CLINIC,
    occurred_at=at(20, 15, 1),
    treatment_plan_id=PLAN,
    patient_id=AMARA,
    name="Crown on 46",
    items=(
        PlannedItem(
            item_id=PLAN_ITEM,
            code_system="SNOMED-CT",
            code="1256042007",
            description="Crown, all cusps",
            tooth="46",
            fee=usd("1180.00"),
        ),
    ),
)

EXAMPLES = (
    Golden(CONFIGURED, "/dental-billing/invoicing", CLINIC, 3, numbered(0xE0, 1)),
    Golden(COMPLETED, CLINICAL, FILLING, 1, numbered(0xE0, 2)),
    Golden(REVERTED, CLINICAL, FLUORIDE, 2, numbered(0xE0, 3)),
    Golden(CLOSED, CLINICAL, VISIT, 4, numbered(0xE0, 4)),
    Golden(ACCEPTED, CLINICAL, PLAN, 2, numbered(0xE0, 5)),
)
