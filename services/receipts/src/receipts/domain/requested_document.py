"""Documents that are requested together by what they are about, and what there is of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

RequestedKind = Literal["receipt", "invoice", "installment_plan"]
RENDERED_AS: dict[RequestedKind, str] = {
    "receipt": "receipt",
    "invoice": "invoice",
    "installment_plan": "plan_agreement",
}
"""What the document of each is called in the queue of what is to be rendered."""
Rendered = tuple[UUID, str]
"""A document and its rendition."""


@dataclass(frozen=True, slots=True)
class RequestedDocument:
    """A document by what it is about: a receipt, an invoice, or an installment plan as it was agreed last."""

    kind: RequestedKind
    id: UUID


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """What there is of a requested document; `rendered` is None where what it is about is not known, or not yet.

    One whose retention has ended is made no more, as one that was set aside.
    """

    requested: RequestedDocument
    rendered: Rendered | None
    made: bool
    set_aside: bool
