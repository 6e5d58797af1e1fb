"""Which of an invoice's insurers a remittance is from: by identifier, else by name, else one that is not on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from contracts.insurance import PayerSequence

from remittances.identity import NAMESPACE, name_key
from remittances.remittance import Claim, Remittance

ORDER: tuple[PayerSequence, ...] = ("primary", "secondary", "tertiary")
SECOND: PayerSequence = "secondary"
PRIOR_PAYERS = "23"
"""The reason (CARC) that says what payers asked before have paid: who states it is not the first."""


@dataclass(frozen=True, slots=True)
class Payer:
    """The insurer, as the invoice knows it, and its turn."""

    id: UUID
    name: str
    sequence: PayerSequence
    identifier: str = ""


def payer_of(remittance: Remittance, claim: Claim, invoice: dict[str, Any], payer_id: UUID | None) -> Payer:
    """The insurer: the one that is told, else the invoice's of this identifier, else the invoice's of this name.

    One that is not certain has an id of its own, derived from its identifier or name: invoicing leaves it to a person
    to say who it is, where the invoice has other insurers.
    """
    known = _known(invoice)
    found = [one for one in known if one.id == payer_id] if payer_id else _of(remittance, known)
    turn = _turn(claim, found)
    ids = {one.id for one in found} - {None}
    if len(ids) > 1:
        ids = {one.id for one in found if one.sequence == turn} - {None}
    certain = next(iter(ids)) if len(ids) == 1 else None
    id_ = payer_id or certain or derived_id(remittance)
    name = next((one.name for one in found if one.id == id_ and one.name), remittance.payer_name)
    return Payer(id_, name, turn, remittance.payer_identifier)


def derived_id(remittance: Remittance) -> UUID:
    """The id of an insurer that no invoice knows: the same for all its remittances."""
    return uuid5(NAMESPACE, f"payer {remittance.payer_identifier or name_key(remittance.payer_name)}")


@dataclass(frozen=True, slots=True)
class _Known:
    """An insurer that the invoice names; it may be named without an id."""

    id: UUID | None
    name: str
    sequence: PayerSequence
    identifier: str


def _known(invoice: dict[str, Any]) -> list[_Known]:
    insurance = invoice["insurance"] or {"payers": []}
    estimates = (estimate for line in invoice["lines"] for estimate in line["estimates"])
    identifiers = {estimate["payer_id"]: estimate.get("payer_identifier") or "" for estimate in estimates}
    known = [
        _Known(UUID(id_), payer["payer_name"], payer["payer_sequence"], identifiers.get(id_, ""))
        for payer in insurance["payers"]
        if (id_ := payer["payer_id"])
    ]
    if primary := invoice["primary_payer"]:
        id_ = primary["id"]
        known.append(
            _Known(UUID(id_) if id_ else None, primary["name"] or "", ORDER[0], identifiers.get(id_ or "", ""))
        )
    return known


def _of(remittance: Remittance, known: list[_Known]) -> list[_Known]:
    """Those of this identifier, else those of this name that have no other identifier."""
    identifier = remittance.payer_identifier.casefold()
    if identifier and (found := [one for one in known if one.identifier.casefold() == identifier]):
        return found
    wanted = name_key(remittance.payer_name)
    return [one for one in known if name_key(one.name) == wanted and not (identifier and one.identifier)]


def _turn(claim: Claim, found: list[_Known]) -> PayerSequence:
    """As which payer it decided: what the file says, else the turn that the invoice has it in.

    A file may say primary (CLP02 1) and deduct what payers before have paid: it is not the first then.
    """
    known = ORDER[max((ORDER.index(one.sequence) for one in found), default=0)]
    if claim.turn == ORDER[0] and any(
        adjustment.reason_code == PRIOR_PAYERS and adjustment.amount for adjustment in claim.all_adjustments
    ):
        return known if found else SECOND
    # Of several turns of one insurer the last: what is decided without saying so is decided late.
    return claim.turn or known
