"""What a decision says, in a form that can be compared: as announced, as applied, and as set aside (`INS-6`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from contracts.insurance import ClaimAdjudicated

from remittances.identity import plain

State = Literal["applied", "open", "dismissed"]


@dataclass(frozen=True, slots=True)
class Known:
    """A decision of a remittance that invoicing knows."""

    decision_id: UUID
    state: State
    """Applied, or set aside: then open, or dismissed by a person."""
    content: str
    invoice_id: UUID
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    charge: str
    paid: str
    currency: str
    detail: str = ""
    """Why it was set aside."""
    invoice_number: str = ""
    remittance_id: UUID | None = None
    dismissed: str = ""
    """By whom, when and why it was dismissed, where it was."""

    @classmethod
    def applied(cls, listed: Mapping[str, Any]) -> Known:
        """As `/v1/insurance-decisions` shows one."""
        amounts = (listed["charge"]["amount"], listed["paid"]["amount"], listed["paid"]["currency"])
        head = _head(listed, "applied", content(listed["invoice_id"], listed))
        of = UUID(listed["remittance_id"]) if listed["remittance_id"] else None
        return cls(*head, *amounts, invoice_number=listed["invoice_number"], remittance_id=of)

    @classmethod
    def set_aside(cls, listed: Mapping[str, Any]) -> Known:
        """As `/v1/set-aside-decisions` shows one."""
        stated = listed["stated"]
        state: State = "open" if listed["state"] == "open" else "dismissed"
        amounts = (stated["charge"]["amount"], stated["paid"]["amount"], stated["paid"]["currency"])
        head = _head(listed, state, content(listed["invoice_id"], stated))
        return cls(*head, *amounts, listed["detail"], dismissed=_dismissed(listed))


def _head(listed: Mapping[str, Any], state: State, said: str) -> tuple[UUID, State, str, UUID, UUID, UUID, str]:
    ids = [UUID(listed[name]) for name in ("decision_id", "invoice_id", "patient_id", "payer_id")]
    return ids[0], state, said, ids[1], ids[2], ids[3], listed["payer_name"]


def _dismissed(listed: Mapping[str, Any]) -> str:
    if listed["state"] != "dismissed":
        return ""
    return f"by {listed['closed_by']} on {listed['closed_at'][:10]}: {listed['closed_because']}"


def content_of(decision: ClaimAdjudicated) -> str:
    """What a decision says that is about to be announced."""
    return content(str(decision.invoice_id), decision.model_dump(mode="json"))


def content(invoice_id: str, stated: Mapping[str, Any]) -> str:
    """A digest of invoice, sums and lines. Not who decided, in which turn and when: a file says that loosely."""
    sums = [invoice_id, _amount(stated["charge"]), _amount(stated["paid"])]
    lines = sorted(_line(line) for line in stated["lines"])
    return sha256("\n".join([*sums, *lines]).encode()).hexdigest()


def _line(one: Mapping[str, Any]) -> str:
    line_id = one.get("line_id") or one["invoice_line_id"]
    parts = (str(line_id), _amount(one["charge"]), _amount(one["paid"]), *_adjusted(one["adjustments"]))
    return " ".join(parts)


def _adjusted(adjustments: Sequence[Mapping[str, Any]]) -> list[str]:
    sums: dict[str, Decimal] = {}
    for adjustment in adjustments:
        key = f"{adjustment['group']}-{adjustment['reason_code']}"
        sums[key] = sums.get(key, Decimal(0)) + Decimal(adjustment["amount"]["amount"])
    return sorted(f"{key}={plain(amount)}" for key, amount in sums.items() if amount)


def _amount(one: Mapping[str, str]) -> str:
    return f"{plain(Decimal(one['amount']))} {one['currency']}"
