"""The tables, each declared once: names, types, what may be missing and defaults. The migrations make them.

Keys to other tables, checks, indexes, triggers and row-level security stand in the migrations alone.
"""

from __future__ import annotations

from invoicing.persistence.tables import insurance, invoices, plans, practice, prices
from invoicing.persistence.tables.metadata import METADATA

__all__ = ["METADATA", "insurance", "invoices", "plans", "practice", "prices"]
