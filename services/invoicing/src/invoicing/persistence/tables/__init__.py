"""The tables, each declared once: names, types, what may be missing and defaults. The migrations make them.

Keys to other tables, checks, indexes, triggers and row-level security stand in the migrations alone.
"""

from __future__ import annotations

from invoicing.persistence.tables import (
    installment_plans,
    insurance,
    invoices,
    practice,
    prices,
    procedures,
    treatment_plans,
)
from invoicing.persistence.tables.metadata import METADATA

__all__ = [
    "METADATA",
    "installment_plans",
    "insurance",
    "invoices",
    "practice",
    "prices",
    "procedures",
    "treatment_plans",
]
