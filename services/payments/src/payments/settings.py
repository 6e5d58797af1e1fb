"""What payments is told by its environment: nothing beyond what every service is."""

from __future__ import annotations

from chassis.settings import Settings


class PaymentsSettings(Settings):
    """The settings of the payments service."""
