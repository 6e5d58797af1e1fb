"""The part of an invoice that insurers decided to pay, and room for it where others paid more than theirs (`INS-4`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.typed import alike

from payments.domain.allocation import Wish
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Freed, Movement, by_holder
from payments.domain.payment import Payment
from payments.domain.transaction import Payer


@dataclass(frozen=True, slots=True)
class InsurersPart:
    """What insurers decided to pay of an invoice, in minor units; by insurer, where that was told."""

    minor: int = 0
    payers: tuple[tuple[Payer, int], ...] | None = None
    undecided_minor: int = 0
    """What nobody has decided yet: an insurer may still decide to pay it."""

    def of(self, payer: Payer) -> int | None:
        """What one insurer decided to pay; None where nothing stands of it, or nobody said whose the part is."""
        own = [minor for one, minor in self.payers or () if is_same(one, payer)]
        return sum(own) if own else None

    def own_minor(self, payer: Payer) -> int | None:
        """What one insurer decided to pay, perhaps nothing, or all where nobody said whose; None where it did not."""
        return self.minor or None if self.payers is None else self.of(payer)

    def named(self, payer: Payer) -> Payer:
        """An insurer as it was named when it decided: one that was typed by its name alone has an id then."""
        return next((one for one, _ in self.payers or () if is_same(one, payer)), payer)

    def counted_for(self, payer: Payer, paid: Iterable[tuple[Payer, int]]) -> int:
        """What of the money that came counts for one's part: its own; all, where nobody said whose the part is."""
        return sum(minor for one, minor in paid if self.payers is None or is_same(one, payer))


NOTHING = InsurersPart()


def is_same(one: Payer, other: Payer) -> bool:
    """Whether two insurers are one: by their ids, where both have one, else by their names."""
    if one.payer_id is not None and other.payer_id is not None:
        return one.payer_id == other.payer_id
    return alike(one.name or "") == alike(other.name or "")


def due_minor(part: InsurersPart, payer: Payer, payments: Iterable[Payment], invoice: InvoiceBalance) -> int:
    """What an insurer decided to pay of an invoice and has not paid on it; of all of them, where nobody says whose."""
    return max(0, (part.own_minor(payer) or 0) - part.counted_for(payer, paid_on(payments, invoice)))


def limit_minor(part: InsurersPart, payer: Payer, payments: Iterable[Payment], invoice: InvoiceBalance) -> int | None:
    """What an invoice takes of an insurer's money at most; None where it has not decided. Nothing is a decision, too.

    It is what it decided to pay and has not, and what nobody has decided yet. Where its money comes twice, it does not
    settle what is left to the patient.
    """
    own = part.own_minor(payer)
    if own is None:
        return None
    return max(0, own + part.undecided_minor - part.counted_for(payer, paid_on(payments, invoice)))


def beyond_minor(part: InsurersPart, payer: Payer, paid: Iterable[tuple[Payer, int]]) -> int:
    """What an insurer paid on an invoice beyond what it decided to pay, and what is undecided; where it decided."""
    own = part.own_minor(payer)
    return max(0, part.counted_for(payer, paid) - own - part.undecided_minor) if own is not None else 0


def paid_beyond(part: InsurersPart, paid: Sequence[tuple[Payer, int]]) -> list[Payer]:
    """The insurers that paid an invoice more than they decided to pay of it, each once."""
    found: list[Payer] = []
    for payer, _ in paid:
        told = any(part.payers is None or is_same(payer, one) for one in found)
        if not told and beyond_minor(part, payer, paid):
            found.append(payer)
    return found


def paid_on(payments: Iterable[Payment], invoice: InvoiceBalance) -> list[tuple[Payer, int]]:
    """What insurers' payments have settled of an invoice."""
    return [
        (payment.payer, payment.allocations.get(invoice.invoice_id, 0))
        for payment in payments
        if payment.payer.kind == "insurer"
    ]


def room_minor(part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance) -> int:
    """What of an invoice others settled although this insurer pays it; what was written off as bad debt comes first."""
    others = sum(minor for _, minor in _giving(part, payer, payments, invoice))
    return max(0, min(others, due_minor(part, payer, payments, invoice) - invoice.payable_minor))


def takes_minor(part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance) -> int:
    """What an invoice takes of an insurer's money that came before: what may be paid, and what others settled."""
    room = room_minor(part, payer, payments, invoice)
    return min(due_minor(part, payer, payments, invoice), invoice.payable_minor + room)


def make_room(
    part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance, wanted_minor: int
) -> dict[UUID, Movement]:
    """Turn what others settled of an invoice into their credit, by as much as is wanted; by whose credit it is."""
    return _released(list(_giving(part, payer, payments, invoice)), invoice, wanted_minor)


def give_back(
    part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance
) -> dict[UUID, Movement]:
    """Turn what an invoice has of an insurer's money beyond its part into its credit, the latest payment first."""
    beyond = beyond_minor(part, payer, paid_on(payments, invoice))
    own = [
        (payment, payment.allocations[invoice.invoice_id])
        for payment in reversed(payments)
        if payment.allocations.get(invoice.invoice_id, 0) > 0
        and payment.payer.kind == "insurer"
        and (part.payers is None or is_same(payment.payer, payer))
    ]
    return _released(own, invoice, beyond)


def surplus_of(part: InsurersPart, payments: Sequence[Payment], invoice: InvoiceBalance) -> dict[UUID, int]:
    """What of an invoice's surplus is of each payment, in minor units (`INV-9`, `INS-4`).

    First what each insurer paid beyond its part, then what the others paid beyond the rest, then what is left of it:
    the latest payment first, each time. So what the patient is forgiven is the patient's, whoever paid last.
    """
    latest = [payment for payment in reversed(payments) if payment.allocations.get(invoice.invoice_id, 0) > 0]
    left, taken = invoice.surplus_minor, dict.fromkeys((payment.payment_id for payment in latest), 0)
    for own, beyond in (*_beyond_own(part, latest, invoice), (latest, left)):
        wanted = min(beyond, left)
        for payment in own:
            minor = min(wanted, payment.allocations[invoice.invoice_id] - taken[payment.payment_id])
            taken[payment.payment_id] += minor
            wanted -= minor
            left -= minor
    return {payment_id: minor for payment_id, minor in taken.items() if minor}


def _beyond_own(
    part: InsurersPart, latest: Sequence[Payment], invoice: InvoiceBalance
) -> Iterator[tuple[list[Payment], int]]:
    """The payments of each who paid an invoice more than is theirs, and by how much; nobody's is known undecided."""
    if not part.minor and not part.payers:
        return
    paid = paid_on(latest, invoice)
    for payer in paid_beyond(part, paid):
        own = [payment for payment in latest if payment.payer.kind == "insurer"]
        if part.payers is not None:
            own = [payment for payment in own if is_same(payment.payer, payer)]
        yield own, beyond_minor(part, payer, paid)
    others = [payment for payment in latest if payment.payer.kind != "insurer"]
    rest = max(0, invoice.asked_minor - part.minor)
    yield others, max(0, sum(other.allocations[invoice.invoice_id] for other in others) - rest)


def _released(
    giving: Sequence[tuple[Payment, int]], invoice: InvoiceBalance, wanted_minor: int
) -> dict[UUID, Movement]:
    freed: list[Freed] = []
    for payment, there in giving:
        minor = max(0, min(wanted_minor, there))
        freed += payment.release(invoice, minor)
        wanted_minor -= minor
    return by_holder(freed)


def _giving(
    part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance
) -> Iterator[tuple[Payment, int]]:
    """What makes way, the latest first: what other insurers paid beyond their part, then what no insurer paid."""
    latest = [payment for payment in reversed(payments) if payment.allocations.get(invoice.invoice_id, 0) > 0]
    beyond: list[tuple[Payer, int]] = []
    for other, decided in part.payers or ():
        came = sum(payment.allocations[invoice.invoice_id] for payment in latest if _is_of(payment, other))
        if not is_same(other, payer) and came > decided:
            beyond.append((other, came - decided))
    for other, surplus in beyond:
        left = surplus
        for payment in latest:
            if left and _is_of(payment, other):
                minor = min(left, payment.allocations[invoice.invoice_id])
                left -= minor
                yield payment, minor
    for payment in latest:
        if payment.payer.kind != "insurer":
            yield payment, payment.allocations[invoice.invoice_id]


def _is_of(payment: Payment, insurer: Payer) -> bool:
    return payment.payer.kind == "insurer" and is_same(payment.payer, insurer)


def wanted_by(amount_minor: int, wishes: Sequence[Wish], takes: Mapping[UUID, int]) -> dict[UUID, int]:
    """What an insurer's payment brings to each invoice, where each takes so much: as `spread` goes about it."""
    left = amount_minor - sum(wish.amount_minor or 0 for wish in wishes)
    wanted: dict[UUID, int] = {}
    for wish in wishes:
        given = wish.amount_minor
        if given is None:
            given = max(0, min(left, takes.get(wish.invoice_id, 0)))
            left -= given
        wanted[wish.invoice_id] = given
    return wanted


@dataclass(frozen=True, slots=True)
class EstimatedPart:
    """What insurers that have not decided are estimated to take of an invoice, as of a version of it; minor units."""

    invoice_id: UUID
    minor: int
    version: int


@dataclass(frozen=True, slots=True)
class AdjudicatedPart:
    """What all insurers' decisions on an invoice come to, as of a version of it; and whose decision was the last."""

    clinic_id: UUID
    invoice_id: UUID
    patient_id: UUID
    payer: Payer
    part: InsurersPart
    version: int
    estimated_minor: int = 0
    """What those that have not decided are estimated to take of what else is the patient's."""
    estimated_write_off_minor: int = 0
    """What of it they are estimated to have written off."""

    @property
    def payers(self) -> list[Payer]:
        """Whose money it may take: of all who decided, or of who decided last where it does not say who did."""
        return [self.payer] if self.part.payers is None else [one for one, minor in self.part.payers if minor]
