"""The one place that commits, row-level security by clinic, gapless numbers, leases and migrations."""

from chassis.database.transaction import Database, Work

__all__ = ["Database", "Work"]
