"""Any sequence of payments, refunds, cancellations, chargebacks, notes and voids against a plain model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from chassis.money import Money
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledger_model import Coins, Model, sums
from made_transactions import creditable, fact, patient
from payments.domain.allocation import Share, Wish, spread
from payments.domain.allocation_history import Change, Owners, place_of, replayed, taken_by
from payments.domain.cancellation_errors import ApplicationUndone, RefundStanding, TransferSpent
from payments.domain.cancelled_credit import take_back_application, take_back_transfer
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import (
    AccountChange,
    DocumentAmount,
    Entry,
    account_changes,
    entries_of_answer,
    entries_of_credit,
    entries_of_issue,
    entries_of_movement,
    opposite,
)
from payments.domain.movement import Movement
from payments.domain.patient_credit import apply_credit, release_surplus, transfer_credit
from payments.domain.payment import Payment
from payments.domain.posted_totals import PostedTotals
from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.transaction import Payer, PayerKind

AMOUNTS = st.integers(1, 20_000)
PATIENTS = st.integers(0, 2)


class AnySequence(RuleBasedStateMachine):
    """PAY-1 to PAY-6, PAY-11, PAY-12, INV-9 over three patients."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.invoices: dict[UUID, InvoiceBalance] = {}
        self.payments: dict[int, Payment] = {}
        self.refunds: list[tuple[int, int, Movement]] = []
        self.applied: list[tuple[int, UUID, Movement]] = []
        self.adjustments: dict[tuple[UUID, UUID], RefundAdjustment] = {}
        self.given: list[tuple[UUID, UUID, Movement]] = []
        self.history: list[Change] = []
        self.coins = Coins()
        self.whose: dict[int, UUID] = {}
        self.number = 0
        self.journal: list[Entry] = []
        self.written = PostedTotals()

    def post(
        self, movement: Movement, payment: Payment | None, undone: int | None = None, who: UUID | None = None
    ) -> Movement:
        """What a transaction did, which is of the payment's patient, else of `who`."""
        self.number += 1
        self.whose[self.number] = who or (payment.patient_id if payment else UUID(int=0))
        for part in movement.settlements:
            place, reverses = place_of(part), None if undone is None else UUID(int=undone)
            whose = self.whose[self.number]
            self.history.append(Change(place, UUID(int=self.number), whose, part.change_minor, reverses))
            if part.change_minor > 0:
                self.coins.put(place, self.number, part.change_minor, undone)
            elif part.change_minor < 0:
                self.coins.take(place, self.number, -part.change_minor, undone)
        kinds = {one.payment_id: one.payer.kind for one in (*self.payments.values(), payment) if one}
        self.journal += entries_of_movement(movement, payment.payment_id if payment else None, "check", kinds)
        return movement

    def document(self, entries: tuple[Entry, ...]) -> None:
        self.written.add(UUID(int=5000 + len(self.written.of_posting)), entries)
        self.journal += entries

    def live(self) -> list[int]:
        return [n for n, one in self.payments.items() if one.status == "recorded"]

    def open_invoices(self) -> list[int]:
        return [i.int for i, one in self.invoices.items() if not one.void]

    @rule(who=PATIENTS, total=st.integers(0, 30_000), tax=st.integers(0, 5_000), rounding=st.integers(-2, 2))
    def issue(self, who: int, total: int, tax: int, rounding: int) -> None:
        number = len(self.invoices)
        invoice = InvoiceBalance(UUID(int=number), patient(who), f"INV-{number}", "USD", date(2026, 11, 23), total)
        self.invoices[invoice.invoice_id] = invoice
        self.model.outstanding[number] = total
        amount = DocumentAmount(total, min(tax, total), rounding)
        self.document(entries_of_issue(invoice.invoice_id, invoice.patient_id, amount))

    @rule(who=PATIENTS, amount=AMOUNTS, payer=st.sampled_from(("patient", "insurer", "third_party")), data=st.data())
    def pay(self, who: int, amount: int, payer: PayerKind, data: st.DataObject) -> None:
        """Any clinic's family pays for each other: invoices of other patients too; and so do insurers."""
        chosen = data.draw(st.lists(st.sampled_from(self.open_invoices()), unique=True)) if self.open_invoices() else []
        number = len(self.payments)
        payment = Payment(UUID(int=1000 + number), patient(who), Money(amount, "USD"), "check", payer=Payer(payer))
        named = st.sampled_from([None, UUID(int=77), UUID(int=78)])
        wishes = [Wish(UUID(int=i), None, data.draw(named)) for i in chosen]
        shares = spread(payment.amount, wishes, self.invoices, surplus_allowed=True)
        self.post(payment.record(shares), payment)
        self.payments[number] = payment
        self.model.pay(number, patient(who).int, amount, chosen)

    @precondition(lambda self: any(self.payments[n].refundable_minor for n in self.live()))
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        """PAY-4."""
        number = data.draw(st.sampled_from([n for n in self.live() if self.payments[n].refundable_minor]))
        payment = self.payments[number]
        amount = data.draw(st.integers(1, payment.refundable_minor))
        done = self.post(payment.refund(Money(amount, "USD"), self.invoices, overpayment_only=False), payment)
        self.refunds.append((self.number, number, done))
        self.model.refund(number, payment.patient_id.int, amount, insurers=payment.payer.kind == "insurer")
        for invoice_id in {part.invoice_id for part in done.settlements}:
            wanted = sum(part.credited_minor for part in done.settlements if part.invoice_id == invoice_id)
            of = UUID(int=self.number), invoice_id
            self.adjustments[of] = RefundAdjustment(*of, payment.payment_id, payment.payer.kind, wanted)
            self.model.pending[invoice_id.int] += wanted

    @precondition(lambda self: any(one.open for one in self.adjustments.values()))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        """PAY-20: all that a refund wants is credited, or less, never more than is left; nothing once it is void."""
        of = data.draw(st.sampled_from([of for of, one in self.adjustments.items() if one.open]))
        adjustment, invoice = self.adjustments[of], self.invoices[of[1]]
        most = 0 if invoice.void else min(adjustment.wanted_minor, creditable(invoice))
        credited = data.draw(st.integers(0, most))
        uncredited = invoice.answer(adjustment, credited)
        self.adjustments[of] = replace(adjustment, credited_minor=credited)
        self.document(entries_of_answer(adjustment, invoice.patient_id, uncredited, void=invoice.void))
        self.model.pending[of[1].int] -= adjustment.wanted_minor
        self.released(invoice, 0 if invoice.void else -uncredited)

    @precondition(lambda self: any(self.payments[n].held for n in self.live()))
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """PAY-21: whoever holds it gets it."""
        payment = self.payments[data.draw(st.sampled_from([n for n in self.live() if self.payments[n].held]))]
        number = payment.payment_id.int - 1000
        holder = data.draw(st.sampled_from(sorted(payment.held)))
        amount = data.draw(st.integers(1, payment.held[holder]))
        done = self.post(payment.pay_out(holder, amount), payment)
        self.refunds.append((self.number, number, done))
        self.model.pay_out(number, holder.int, amount)

    @precondition(lambda self: any(self.payments[n].status == "recorded" for _, n, _ in self.refunds))
    @rule(data=st.data())
    def undo_refund(self, data: st.DataObject) -> None:
        """PAY-5: as refundable and as settled as before; of a void invoice the money becomes credit."""
        place = data.draw(
            st.sampled_from([i for i, (_, n, _) in enumerate(self.refunds) if self.payments[n].status == "recorded"])
        )
        made, number, refund = self.refunds.pop(place)
        payment, model = self.payments[number], self.model.payments[number]
        wanted = {invoice_id: one for (by, invoice_id), one in self.adjustments.items() if by.int == made}
        took = {place: list(by.get(made, [])) for place, by in self.coins.taken.items()}
        taken_of = taken_by(replayed(self.history), payment.payment_id, UUID(int=made))
        undone = self.post(payment.undo_refund(refund, self.invoices, wanted, taken_of), payment, made)
        model.refunded += refund.money_minor
        for change in refund.credits:
            model.credit[change.patient_id.int] = model.credit.get(change.patient_id.int, 0) - change.change_minor
        left = {invoice_id: one.counted_minor for invoice_id, one in wanted.items()}
        for taken in refund.settlements:
            void = taken.invoice_id.int in self.model.void
            credited = min(left[taken.invoice_id], taken.credited_minor)
            left[taken.invoice_id] -= credited
            coins = sorted(took.get(place_of(taken), []))
            assert len(coins) == -taken.change_minor
            self.model.undo_refund(number, taken.invoice_id.int, self.owners(payment, coins), credited, void)
        for invoice_id, one in wanted.items():
            of_void = invoice_id.int in self.model.void
            self.model.pending[invoice_id.int] -= 0 if of_void else one.pending_minor
            self.adjustments[UUID(int=made), invoice_id] = replace(one, undone=not of_void)
        assert -sum(part.credited_minor for part in undone.settlements) == sum(
            one.counted_minor for one in wanted.values() if one.invoice_id.int not in self.model.void
        )

    @precondition(lambda self: any(not self.payments[n].refunded_minor for n in self.live()))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """PAY-5."""
        number = data.draw(st.sampled_from([n for n in self.live() if not self.payments[n].refunded_minor]))
        self.recall_transferred_credit(number)
        self.post(self.payments[number].cancel(self.invoices), self.payments[number])
        self.model.reverse(number)

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def charge_back(self, data: st.DataObject) -> None:
        """PAY-6."""
        number = data.draw(st.sampled_from(self.live()))
        self.recall_transferred_credit(number)
        self.post(self.payments[number].charge_back(self.invoices), self.payments[number])
        self.model.reverse(number)

    @precondition(lambda self: self.open_invoices())
    @rule(data=st.data(), who=PATIENTS)
    def apply(self, data: st.DataObject, who: int) -> None:
        """PAY-3."""
        invoice = self.invoices[UUID(int=data.draw(st.sampled_from(self.open_invoices())))]
        amount = min(self.model.credit_of(patient(who).int), invoice.outstanding_minor)
        if amount:
            movement = apply_credit(self.in_order(), patient(who), [Share(invoice, amount)])
            done = self.post(movement, None, who=patient(who))
            self.applied.append((self.number, patient(who), done))
            self.model.apply(patient(who).int, invoice.invoice_id.int, amount)

    @rule(giver=PATIENTS, taker=PATIENTS, data=st.data())
    def transfer(self, giver: int, taker: int, data: st.DataObject) -> None:
        """PAY-3."""
        have = self.model.credit_of(patient(giver).int)
        if have == 0 or giver == taker:
            return
        amount = data.draw(st.integers(1, have))
        moved = transfer_credit(self.in_order(), patient(giver), patient(taker), Money(amount, "USD"))
        self.given.append((patient(giver), patient(taker), self.post(moved, None)))
        self.model_transfer(patient(giver).int, patient(taker).int, amount)

    @precondition(lambda self: self.applied)
    @rule(data=st.data())
    def cancel_application(self, data: st.DataObject) -> None:
        """PAY-5: what of it is there leaves the invoice; a refund of it has to be cancelled first."""
        place = data.draw(st.integers(0, len(self.applied) - 1))
        made, holder, movement = self.applied[place]
        amount = sum(part.change_minor for part in movement.settlements)
        for number, one in self.payments.items():
            one.standing_refunds = [UUID(int=refund) for refund, of, _ in self.refunds if of == number]
        refunded = [
            refund
            for refund, of, _ in self.refunds
            for part in movement.settlements
            if self.payments[of].status == "recorded"
            and made in self.coins.taken.get(place_of(part), {}).get(refund, [])
        ]
        left = [(part, self.coins.left(place_of(part), made)) for part in movement.settlements]
        whole = sum(minor for _, minor in left)
        take_back = partial(
            take_back_application,
            fact("credit_application", made, holder, amount),
            movement.settlements,
            self.by_id(),
            self.invoices,
            replayed(self.history),
        )
        if refunded or not whole:
            with pytest.raises(RefundStanding if refunded else ApplicationUndone):
                take_back()
            return
        undone = take_back()
        self.applied.pop(place)
        assert sum(part.change_minor for part in undone.credits) == whole
        self.post(undone, None, made)
        for part, minor in left:
            if minor:
                self.model.take_back(part.payment_id.int - 1000, holder.int, part.invoice_id.int, minor)

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def cancel_transfer(self, data: st.DataObject) -> None:
        """PAY-5: all of it, or nothing where some was used."""
        place = data.draw(st.integers(0, len(self.given) - 1))
        giver, taker, movement = self.given[place]
        parts = [
            (part.payment_id.int - 1000, part.change_minor) for part in movement.credits if part.patient_id == taker
        ]
        left = sum(min(minor, self.model.payments[n].credit.get(taker.int, 0)) for n, minor in parts)
        into = fact("credit_transfer_in", 1, taker, sum(minor for _, minor in parts))
        if left < into.amount.minor:
            with pytest.raises(TransferSpent) as refused:
                take_back_transfer(into, giver, movement, self.by_id())
            assert refused.value.left.minor == left
            return
        undone = take_back_transfer(into, giver, movement, self.by_id())
        self.given.pop(place)
        self.post(undone, None)
        for number, minor in parts:
            self.model.give_back(number, taker.int, giver.int, minor)

    @precondition(lambda self: any(creditable(i) > 0 for i in self.invoices.values()))
    @rule(data=st.data())
    def credit_note(self, data: st.DataObject) -> None:
        """INV-9; whoever makes it may not know of a refund's adjustment yet."""
        invoice = data.draw(st.sampled_from([i for i in self.invoices.values() if creditable(i) > 0]))
        amount = data.draw(st.integers(1, creditable(invoice)))
        invoice.credited_minor += amount
        whole = DocumentAmount(amount, amount // 6)
        self.document(entries_of_credit(invoice.invoice_id, invoice.patient_id, whole, "write_offs"))
        self.released(invoice, amount)

    @precondition(lambda self: self.open_invoices())
    @rule(data=st.data())
    def become_void(self, data: st.DataObject) -> None:
        """INV-8, PAY-11."""
        invoice = self.invoices[UUID(int=data.draw(st.sampled_from(self.open_invoices())))]
        asked = invoice.asked_minor
        invoice.become_void()
        self.model.void.add(invoice.invoice_id.int)
        sums_ = self.written.of_invoice[invoice.invoice_id]
        self.document(opposite(sums_, invoice.invoice_id, invoice.patient_id, invoice.refund_adjusted_minor))
        self.released(invoice, asked)

    def recall_transferred_credit(self, number: int) -> None:
        """What others hold of the payment comes back before it is reversed."""
        payment = self.payments[number]
        for holder in sorted(payment.held.keys() - {payment.patient_id}):
            part = payment.held[holder]
            self.post(Movement(credits=payment.hand_over(holder, payment.patient_id, part)), None)

    def released(self, invoice: InvoiceBalance, amount: int) -> None:
        """PAY-21: each patient's in a transaction of its own; what leaves is of whoever laid the coins on top there."""
        for payment in self.payments.values():
            payment.owners = Owners.of(replayed(self.history), payment.payment_id)
        before = self.number
        for holder, movement in release_surplus(self.in_order(), invoice).items():
            self.post(movement, None, who=holder)
        left = self.coins.left_of(invoice.invoice_id, before)
        by_payment = {one.int - 1000: self.owners(self.payments[one.int - 1000], coins) for one, coins in left.items()}
        self.model.credit_note(invoice.invoice_id.int, by_payment, amount)

    def owners(self, payment: Payment, coins: list[int]) -> list[int]:
        """Whose each coin is; what an insurer paid is held where it paid it (`INS-4`)."""
        return [payment.patient_id.int if payment.payer.kind == "insurer" else self.whose[one].int for one in coins]

    def by_id(self) -> dict[UUID, Payment]:
        return {one.payment_id: one for one in self.payments.values()}

    def in_order(self) -> list[Payment]:
        return list(self.payments.values())

    def model_transfer(self, giver: int, taker: int, amount: int) -> None:
        for one in self.model.payments.values():
            part = min(amount, one.credit.get(giver, 0))
            if part:
                one.credit[giver] -= part
                one.credit[taker] = one.credit.get(taker, 0) + part
                amount -= part

    @invariant()
    def outstanding_agrees_and_is_never_negative(self) -> None:
        for invoice in self.invoices.values():
            assert invoice.outstanding_minor == max(0, self.model.outstanding[invoice.invoice_id.int])
            assert invoice.settled_minor >= 0
            assert invoice.refund_pending_minor or invoice.asked_minor >= invoice.settled_minor
            own = (one for one in self.adjustments.values() if one.invoice_id == invoice.invoice_id)
            took = sum(one.wanted_minor for one in own if not one.undone)
            assert invoice.void or invoice.settled_with_refunds_minor == invoice.settled_minor + took

    @invariant()
    def every_payment_is_settled_held_or_refunded(self) -> None:
        for number, payment in self.payments.items():
            model = self.model.payments[number]
            assert payment.allocations == {UUID(int=i): part for i, part in model.settled.items()}
            assert payment.held == {UUID(int=p): part for p, part in model.credit.items() if part}
            if payment.status == "recorded":
                whole = sum(payment.allocations.values()) + payment.unallocated_minor + payment.refunded_minor
                assert whole == payment.amount.minor
                others = sum(part for p, part in model.credit.items() if p != payment.patient_id.int)
                others = 0 if payment.payer.kind == "insurer" else others
                assert payment.refundable_minor == model.amount - model.refunded - others >= 0

    @invariant()
    def every_balance_is_a_sum_of_entries(self) -> None:
        """PAY-12."""
        assert sum(entry.minor for entry in self.journal) == 0
        receivable = sums(self.journal, "receivable", "invoice_id")
        for invoice in self.invoices.values():
            assert max(0, receivable[invoice.invoice_id]) == invoice.outstanding_minor
        for account in ("revenue", "taxes", "cash_rounding", "write_offs", "refund_allowances"):
            earned = sums(self.journal, account, "invoice_id")
            assert not any(earned[invoice.invoice_id] for invoice in self.invoices.values() if invoice.void)
        credit = sums(self.journal, "patient_credit", "patient_id")
        for number in range(3):
            assert -credit[patient(number)] == self.model.credit_of(patient(number).int)

    @invariant()
    def account_is_what_is_owed_less_the_patients_own_credit(self) -> None:
        """PAY-9, INS-4: what insurers overpaid stands apart, whoever's invoices it could settle."""
        changes = account_changes(self.journal)
        receivable = sums(self.journal, "receivable", "patient_id")
        for who in map(patient, range(3)):
            held = {n: one.credit.get(who.int, 0) for n, one in self.model.payments.items()}
            insurers = sum(part for n, part in held.items() if self.payments[n].payer.kind == "insurer")
            change = changes.get(who, AccountChange())
            assert change.balance_minor == receivable[who] - (sum(held.values()) - insurers)
            assert change.insurers_credit_minor == insurers


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
