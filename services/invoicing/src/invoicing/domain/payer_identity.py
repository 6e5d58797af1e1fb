"""Who decided: an insurer of the invoice, known by its id, its electronic identifier, or a person's word (`INS-8`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.sentence import Sentence
from chassis.typed import ungrouped

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.adjudication import StatedAdjudication
from invoicing.domain.errors import AdjudicationNotAcceptable, Invalid


@dataclass(frozen=True, slots=True)
class _Known:
    """The insurers of an invoice: those of its estimates, and those who have decided on it."""

    names: Mapping[UUID, str]
    by_identifier: Mapping[str, set[UUID]]


def by_whom(
    stated: StatedAdjudication, on: AdjudicatedInvoice, said: UUID | None, *, confirmed: bool
) -> StatedAdjudication:
    """The decision, under the id of the insurer of the invoice who took it.

    `said` is whom a person named for this payer; `confirmed` that the decision is to be taken as that one's, also of
    one who is not on the invoice. An invoice without any estimate says nothing about insurers, and takes everybody's.
    Raises AdjudicationNotAcceptable; Invalid where a person names who is neither of the invoice nor the payer itself.
    """
    known = _known(on)
    if confirmed and said is not None and known.names and said not in known.names and said != stated.payer_id:
        detail = Sentence(
            "is no insurer of the invoice, which has {known}, nor the decision's own, {payer_id}",
            known=_named(known),
            payer_id=stated.payer_id,
        )
        raise Invalid("payer_id", detail)
    if said is not None and (confirmed or said in known.names):
        return replace(stated, payer_id=said, payer_name=known.names.get(said, stated.payer_name))
    if confirmed or not any(line.estimates for line in on.invoice.lines) or stated.payer_id in known.names:
        return stated
    found = known.by_identifier.get(_told(stated.payer_identifier), set())
    if len(found) != 1:
        raise AdjudicationNotAcceptable("payer_not_on_invoice", _detail(stated, known))
    (payer_id,) = found
    return replace(stated, payer_id=payer_id, payer_name=known.names[payer_id])


def _known(on: AdjudicatedInvoice) -> _Known:
    names: dict[UUID, str] = {sum_.payer_id: sum_.payer_name for sum_ in on.sums}
    by_identifier: dict[str, set[UUID]] = {}
    for line in on.invoice.lines:
        for estimate in line.estimates:
            names[estimate.payer_id] = estimate.payer_name
            if estimate.payer_identifier:
                by_identifier.setdefault(_told(estimate.payer_identifier), set()).add(estimate.payer_id)
    return _Known(names, by_identifier)


def _told(identifier: str | None) -> str:
    return ungrouped(identifier or "")


def _detail(stated: StatedAdjudication, known: _Known) -> str:
    identifier = f", identifier {stated.payer_identifier}" if stated.payer_identifier else ""
    return (
        f"{stated.payer_name} ({stated.payer_id}{identifier}) is no insurer of the invoice, which has {_named(known)}: "
        "say whose it is by trying it again with payer_id"
    )


def _named(known: _Known) -> str:
    return ", ".join(f"{name} ({payer_id})" for payer_id, name in sorted(known.names.items()))
