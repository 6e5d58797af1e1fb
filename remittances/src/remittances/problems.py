"""Why a remittance file is not imported. Nothing of it was published then.

NotImported
├── Malformed     the file is no X12 835, names the segment and its position
├── Unbalanced    its sums do not add up as 835 demands
├── Differs       a remittance that is known says something else now
└── Unreachable   invoicing, payments or Kafka does not answer
"""

from __future__ import annotations

from collections.abc import Sequence

DIFFERENCES_SHOWN = 10


class NotImported(Exception):
    """Why a remittance file is not imported."""


class Malformed(NotImported):
    """The file is no X12 835 as the standard has it."""

    def __init__(self, segment: str, position: int, detail: str) -> None:
        super().__init__(f"segment {position} ({segment}): {detail}")
        self.segment, self.position = segment, position


class Unbalanced(Malformed):
    """What the file sums up to is not what it says."""


class Differs(NotImported):
    """A transfer that was told of before is told of again, with other content (`INS-6`)."""

    def __init__(self, reference: str, payer_name: str, differences: Sequence[str]) -> None:
        shown = "; ".join(differences[:DIFFERENCES_SHOWN])
        more = f"; and {len(differences) - DIFFERENCES_SHOWN} more" if len(differences) > DIFFERENCES_SHOWN else ""
        super().__init__(
            f"remittance {reference} of {payer_name} was told of before, and says something else now: {shown}{more}. "
            "Ask the insurer which of them counts; what was applied stands. If it is another transfer of the same "
            "number and day, import it with --another"
        )
        self.differences = tuple(differences)


class Unreachable(NotImported):
    """Invoicing, payments or Kafka does not answer."""
