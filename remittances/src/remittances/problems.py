"""Why a remittance file is not imported. Nothing of it was published then.

NotImported
├── Malformed     the file is no X12 835, names the segment and its position
├── Unbalanced    its sums do not add up as 835 demands
└── Unreachable   invoicing or Kafka does not answer
"""

from __future__ import annotations


class NotImported(Exception):
    """Why a remittance file is not imported."""


class Malformed(NotImported):
    """The file is no X12 835 as the standard has it."""

    def __init__(self, segment: str, position: int, detail: str) -> None:
        super().__init__(f"segment {position} ({segment}): {detail}")
        self.segment, self.position = segment, position


class Unbalanced(Malformed):
    """What the file sums up to is not what it says."""


class Unreachable(NotImported):
    """Invoicing or Kafka does not answer."""
