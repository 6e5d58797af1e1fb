"""Days from which and to which something is asked for: in one order everywhere."""

from __future__ import annotations

from datetime import date

from chassis.http.problems import Invalid


def require_in_order(from_: date | None, to: date | None) -> None:
    """See that a period does not end before it begins. Raises Invalid, naming `to` (`ALL-2`)."""
    if from_ is not None and to is not None and to < from_:
        raise Invalid("to", "is before from")
