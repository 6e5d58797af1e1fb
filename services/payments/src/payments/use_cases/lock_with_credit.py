"""Lock what is to be undone of an insurer together with its credit, which then settles its part (`INS-4`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis.database import Work

from payments.domain.insurers_part import InsurersPart
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.domain.transaction import Payer
from payments.persistence import given_credit, insurers_credit, insurers_parts, invoices, payments, settlements
from payments.use_cases.lock_settled import lock_again, lock_settled
from payments.use_cases.settle_from_given import settle_from_given
from payments.use_cases.settle_insurers_part import settle_insurers_part


@dataclass(frozen=True, slots=True)
class Credit:
    """The payments of one insurer whose credit may settle its part of an invoice."""

    invoice_id: UUID
    part: InsurersPart
    payment_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class LockedWithCredit:
    """Invoices, the payments that settle them or were named, and what insurers have for them in credit; all locked."""

    invoices: dict[UUID, InvoiceBalance]
    payments: dict[UUID, Payment]
    credit: list[Credit] = field(default_factory=list)
    came_for: Mapping[UUID, set[UUID]] = field(default_factory=dict)
    """By invoice, the payments of insurers that came for it and are credit by now, whatever stands of their parts."""
    nothing_given: bool = False
    """Whether no credit was given for these invoices, as these locks show; reversing a payment makes none given."""

    @property
    def holders(self) -> set[UUID]:
        """For whom insurers hold what may settle their parts."""
        some = [self.payments[id_] for credit in self.credit for id_ in credit.payment_ids]
        return {holder for payment in some for holder in (*payment.held, *payment.same.values(), payment.patient_id)}

    def credit_for(self, invoice_id: UUID | None) -> set[UUID]:
        """The payments whose credit came for an invoice, or may settle an insurer's part of it."""
        if invoice_id is None:
            return set()
        held = {id_ for credit in self.credit if credit.invoice_id == invoice_id for id_ in credit.payment_ids}
        return held | self.came_for.get(invoice_id, set())


async def lock_with_credit(work: Work, named: set[UUID], on: set[UUID], payer: Payer | None = None) -> LockedWithCredit:
    """Lock payments that are named with all invoices that they settle, those that settle certain invoices, and credit.

    The credit is that of `payer`, else of each insurer among the payments named, and of the insurers whose parts of
    these invoices stand. What a named payment settles may be moved, and credit may come, before they are locked; then
    all is looked up again. Raises LockingUnlucky.
    """
    if not on and not await payments.of_insurers(work.connection, named):
        locked, found = await lock_with_given(work, named)
        return LockedWithCredit(locked, found, nothing_given=found.keys() <= named)

    async def attempt() -> LockedWithCredit | None:
        found = await payments.read(work.connection, named)
        wanted = on | _settled_by(found.values())
        insurers = [payer] if payer else insurers_among(found.values())
        others = _payments_of(await credit_of(work, insurers, wanted)) | _all(await _came_for(work, payer, on))
        locked, settling = await lock_settled(work, sorted(wanted), named | others)
        if not wanted:
            settling = await payments.lock(work.connection, named | others)
        credit, came = await credit_of(work, insurers, wanted), await _came_for(work, payer, on)
        whole = _settled_by(settling[id_] for id_ in named & settling.keys()) <= locked.keys()
        whole = whole and _payments_of(credit) | _all(came) <= settling.keys()
        if whole and credit:
            await settlements.read_owners(work.connection, settling.values())
        return LockedWithCredit(locked, settling, credit, came) if whole else None

    return await lock_again(work, "before_credit", attempt)


async def lock_with_given(
    work: Work, named: set[UUID], on: Collection[UUID] | None = None
) -> tuple[dict[UUID, InvoiceBalance], dict[UUID, Payment]]:
    """Lock payments with the invoices that they settle, or just certain ones, and what was given for these (`PAY-22`).

    What was given shows once the invoices are locked; as it seldom is, it is looked up only then, and where there is
    some, all is let go and locked anew together with it. Raises LockingUnlucky.
    """
    given: set[UUID] = set()

    async def attempt() -> tuple[dict[UUID, InvoiceBalance], dict[UUID, Payment]] | None:
        found = await payments.lock(work.connection, named | given)
        wanted = _settled_by(found[id_] for id_ in named & found.keys()) if on is None else on
        locked = await invoices.lock(work.connection, wanted)
        given.update(await given_credit.payments_of(work.connection, wanted))
        return (locked, found) if given <= found.keys() else None

    return await lock_again(work, "before_given", attempt)


async def lock_with_parts(work: Work, wanted: Sequence[UUID], raised: Collection[UUID]) -> LockedWithCredit:
    """Lock invoices with what settles them, and for those that come to ask for more what insurers have in credit.

    It is that of the insurers whose parts of these stand, and is looked up under these locks. Raises LockingUnlucky.
    """
    others: set[UUID] = set()

    async def attempt() -> LockedWithCredit | None:
        locked, settling = await lock_settled(work, wanted, others)
        credit = await _credit_for_parts(work, [], raised) if raised else []
        others.update(_payments_of(credit))
        return LockedWithCredit(locked, settling, credit) if others <= settling.keys() else None

    return await lock_again(work, "before_parts", attempt)


def _settled_by(some: Iterable[Payment]) -> set[UUID]:
    return {invoice_id for payment in some for invoice_id in payment.allocations}


def _payments_of(credit: Iterable[Credit]) -> set[UUID]:
    return {id_ for one in credit for id_ in one.payment_ids}


def _all(came: Mapping[UUID, set[UUID]]) -> set[UUID]:
    return {id_ for some in came.values() for id_ in some}


async def _came_for(work: Work, payer: Payer | None, on: set[UUID]) -> dict[UUID, set[UUID]]:
    """The insurers' payments that came for these invoices and hold credit, where one of them takes back; not locked.

    Also what the insurer that takes back has in credit of no invoice at all: it says itself which one that is of.
    """
    if payer is None:
        return {}
    found = await payments.in_credit_of(work.connection, on)
    of_payer = await insurers_credit.for_invoices(work.connection, [(invoice_id, payer) for invoice_id in on])
    for (invoice_id, _), payment_ids in of_payer.items():
        found.setdefault(invoice_id, set()).update(payment_ids)
    return found


def insurers_among(some: Iterable[Payment]) -> list[Payer]:
    """Each insurer that made one of these payments, once."""
    return list(dict.fromkeys(payment.payer for payment in some if payment.payer.kind == "insurer"))


async def credit_of(
    work: Work, insurers: Sequence[Payer], invoice_ids: Iterable[UUID], given_back: Collection[UUID] = ()
) -> list[Credit]:
    """What insurers have in credit for their parts of these invoices, not locked: these, and all that decided.

    What one of them loses of an invoice makes room for the part of another that had come in vain. What was given back
    of `given_back` is as if it were credit: it is about to be again.
    """
    return await _credit_for_parts(work, insurers, invoice_ids, given_back) if insurers else []


async def _credit_for_parts(
    work: Work, insurers: Sequence[Payer], invoice_ids: Iterable[UUID], given_back: Collection[UUID] = ()
) -> list[Credit]:
    parts = await insurers_parts.of_invoices(work.connection, invoice_ids)
    wanted = [(invoice_id, payer) for invoice_id in sorted(parts) for payer in _whose(parts[invoice_id], insurers)]
    found = await insurers_credit.for_invoices(work.connection, wanted, given_back)
    return [Credit(one[0], parts[one[0]], payment_ids) for one, payment_ids in found.items()]


def _whose(part: InsurersPart, insurers: Sequence[Payer]) -> list[Payer]:
    """Each insurer once whose part of an invoice stands; of one that nobody named, these."""
    if part.payers is None:
        return [insurer for insurer in insurers if part.minor]
    return [one for one, minor in part.payers if minor]


async def settle_from_credit(
    work: Work,
    credit: Sequence[Credit],
    locked: Mapping[UUID, InvoiceBalance],
    settling: Mapping[UUID, Payment],
    *,
    nothing_given: bool = False,
) -> None:
    """Let insurers' credit settle what was undone of their parts, then what was given for the invoices the rest.

    Whose money makes room for it is read anew, as what was undone may be of one of several patients. `nothing_given`
    says that it is known that nothing was, and that what was undone is a payment, which makes nothing given.
    """
    if credit:
        on = {one.invoice_id for one in credit}
        await settlements.read_owners(
            work.connection, [payment for payment in settling.values() if on & payment.allocations.keys()]
        )
    await settle_parts(work, credit, locked, settling, dict.fromkeys(locked, work.clinic_id))
    if not nothing_given:
        await settle_from_given(work, locked, settling)


async def settle_parts(
    work: Work,
    credit: Sequence[Credit],
    locked: Mapping[UUID, InvoiceBalance],
    settling: Mapping[UUID, Payment],
    clinics: Mapping[UUID, UUID],
) -> None:
    """Let insurers' credit settle their parts; `clinics` are those of the invoices. All is locked."""
    for one in credit:
        of_insurer = [settling[id_] for id_ in one.payment_ids if settling[id_].status == "recorded"]
        if of_insurer and one.invoice_id in locked:
            invoice, clinic_id = locked[one.invoice_id], clinics[one.invoice_id]
            await settle_insurers_part(work, clinic_id, one.part, invoice, of_insurer, settling)
