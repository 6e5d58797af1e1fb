"""What all declarations of tables share."""

from __future__ import annotations

from sqlalchemy import DateTime, MetaData

METADATA = MetaData()
MOMENT = DateTime(timezone=True)
