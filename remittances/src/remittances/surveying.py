"""A file looked through as a whole before anything is announced: its remittances, and what each is known by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from contracts.insurance import PayerSequence

from remittances.identity import DecisionIds, plain, remittance_id
from remittances.matching import Told
from remittances.opening import open_text
from remittances.problems import Differs
from remittances.reading import Read, read_remittances
from remittances.remittance import Claim, Remittance

Key = tuple[int, str, str]


@dataclass(slots=True)
class Surveyed:
    """A remittance of a file as it is when it was read to its end, and what it is known by."""

    id: UUID
    remittance: Remittance
    content: str
    repeats: bool = False
    """The file told of it before, in the same words."""


@dataclass(slots=True)
class Survey:
    """What a file holds. Raises Malformed, Unbalanced, Differs where it is at fault."""

    path: Path
    clinic_id: UUID
    remittances: list[Surveyed] = field(default_factory=list)
    """By their place in the file."""
    _asked: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        digest = sha256()
        for remittance, claim in _read(self.path):
            if claim is not None:
                digest.update(_said(claim))
                if claim.turn is None:
                    self._asked.add(_key(remittance, claim))
            else:
                self._add(remittance, digest.hexdigest())
                digest = sha256()

    def claims(self) -> Iterator[Told]:
        """The claims of the file, read once more, each in its turn and with its ids; what is repeated is passed over.

        In which turn a claim was processed that the file takes back: as it said when it told of it before. Only the
        claims that do not say their turn themselves are remembered, which are few.
        """
        told: dict[Key, PayerSequence | None] = dict.fromkeys(self._asked)
        place, ids = 0, DecisionIds(self.clinic_id)
        for remittance, claim in _read(self.path):
            one = self.remittances[remittance.place - 1]
            if claim is None or one.repeats:
                continue
            if place != remittance.place:
                place, ids = remittance.place, DecisionIds(one.id)
            key = _key(remittance, claim)
            if claim.turn is None:
                claim.turn = told[key]
            elif key in told:
                told[key] = claim.turn
            yield Told(self.clinic_id, one.id, ids.next(claim), remittance, claim)

    def _add(self, remittance: Remittance, content: str) -> None:
        one = Surveyed(remittance_id(self.clinic_id, remittance), remittance, content)
        for other in self.remittances:
            if other.id == one.id:
                if other.content != content:
                    raise Differs(remittance.reference, remittance.payer_name, ["the file itself says both"])
                one.repeats = True
        self.remittances.append(one)


def _read(path: Path) -> Iterator[Read]:
    with open_text(path) as file:
        yield from read_remittances(file)


def _key(remittance: Remittance, claim: Claim) -> Key:
    """What a claim and its reversal have in common: the transfer, our number and the payer's."""
    return (remittance.place, claim.patient_control_number, claim.payer_control_number)


def _said(claim: Claim) -> bytes:
    """What a claim says of money, in one way of writing."""
    lines = [(line.code, line.reference, line.charge, line.paid, line.adjustments) for line in claim.lines]
    said = [claim.patient_control_number, claim.payer_control_number, claim.status]
    for _, _, charge, paid, adjustments in [("", "", claim.charge, claim.paid, claim.adjustments), *lines]:
        said += [plain(charge), plain(paid)]
        said += sorted(
            f"{adjustment.group} {adjustment.reason_code} {plain(adjustment.amount)}" for adjustment in adjustments
        )
    said += [f"{code} {reference}" for code, reference, *_ in lines]
    return "\n".join([*said, ""]).encode()
