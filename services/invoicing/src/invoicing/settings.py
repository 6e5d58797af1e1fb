"""What invoicing is told by its environment, beyond what every service is."""

from __future__ import annotations

from typing import Annotated

from chassis.settings import Settings
from pydantic import Field


class InvoicingSettings(Settings):
    """Environment variables without a prefix."""

    late_draft_quiet_seconds: Annotated[float, Field(ge=0)] = 120.0
    """How long a draft of a closed appointment is left alone before it is issued: late procedures come together."""
