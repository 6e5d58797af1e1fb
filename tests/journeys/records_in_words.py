"""What the model of the state machine keeps of invoices, payments and refunds. Amounts are cents."""

from __future__ import annotations

from dataclasses import dataclass, field

Owned = tuple[int, str, int]
"""In which turn it came to an invoice, whose money it was, and how much."""


class InOrder(dict[str, int]):
    """Equal only in the same order: what came of verbs at once may differ in nothing else, and come apart later."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and list(self.items()) == list(other.items())


@dataclass
class Invoice:
    patient: str
    total: int
    number: str = ""
    debited: int = 0
    credited: int = 0
    """By credit notes of its own, apart from what refunds have credited (`PAY-4`)."""
    adjusted: int = 0
    settled: int = 0
    void: bool = False

    @property
    def left(self) -> int:
        """What is left to credit (`MON-5`, `PAY-20`)."""
        return self.total + self.debited - self.credited - self.adjusted

    @property
    def asked(self) -> int:
        return 0 if self.void else max(0, self.left)

    @property
    def room(self) -> int:
        return max(0, self.asked - self.settled)

    def change(self, debited: int = 0, credited: int = 0, adjusted: int = 0) -> None:
        self.debited += debited
        self.credited += credited
        self.adjusted += adjusted


@dataclass
class Payment:
    patient: str
    amount: int
    settled: InOrder = field(default_factory=InOrder)
    """By invoice, the one settled last at the end."""
    credit: dict[str, int] = field(default_factory=dict)
    """What is left as credit, by the patient who has it."""
    whose: dict[str, list[Owned]] = field(default_factory=dict)
    """By invoice, whose money that was before it settled it, the latest at the end (`PAY-21`)."""
    turns: dict[str, int] = field(default_factory=dict)
    """By invoice, how many times it has come there so far."""
    given: dict[str, int] = field(default_factory=dict)
    """What of that was given for which invoice, at most: left over, or set free of it (`PAY-22`)."""
    given_of: dict[str, dict[str, int]] = field(default_factory=dict)
    """By invoice, whose credit that is, at most."""
    refunded: int = 0
    state: str = "recorded"


@dataclass
class Refund:
    payment: str
    amount: int
    holder: str
    """Whose credit it took, where it took any (`PAY-21`)."""
    from_credit: int
    from_invoices: InOrder = field(default_factory=InOrder)
    whose: dict[str, list[Owned]] = field(default_factory=dict)
    """By invoice, whose money that was, what finds room again first, first (`PAY-21`)."""
    credited: dict[str, int] = field(default_factory=dict)
    """What invoicing has credited for it, by invoice (`PAY-20`)."""
    cancelled: bool = False


def off_the_top(there: list[Owned], amount: int) -> list[Owned]:
    """Take an amount off what lies there, the latest first."""
    taken: list[Owned] = []
    while amount:
        turn, whose, part = there.pop()
        if part > amount:
            there.append((turn, whose, part - amount))
        taken.insert(0, (turn, whose, min(part, amount)))
        amount -= min(part, amount)
    return taken
