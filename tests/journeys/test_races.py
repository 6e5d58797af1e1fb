"""At the same moment, over HTTP and Kafka: exactly one wins, or all that may; nothing is negative; all services agree.

What each story leaves behind is proven in all services and between them (`ALL-8`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from front_office import Done, FrontOffice
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.practice.streams import Streams

ROUNDS = range(3)
SERVICES = ("invoicing", "payments", "receipts")


@pytest.fixture
async def office(api: Api, announcer: Announcer, story: Story) -> AsyncIterator[FrontOffice]:
    async with Streams(api, api.addresses.kafka_bootstrap, SERVICES, silent=["receipts"]) as streams:
        yield FrontOffice(api, announcer, streams, story.scene.clinic)


@pytest.fixture
def patient(story: Story) -> str:
    return str(story.scene.patient.id)


async def issued(office: FrontOffice, patient: str, cents: int) -> str:
    made = await office.do("issue", patient=patient, exempt=cents, taxed=0)
    await office.rest()
    return made.made


async def paid(office: FrontOffice, patient: str, cents: int, *invoices: str) -> str:
    made = await office.do("pay", patient=patient, amount=cents, invoices=list(invoices), more_allowed=True)
    await office.rest()
    return made.made


async def at_once(office: FrontOffice, *steps: tuple[str, dict[str, Any]]) -> list[Done]:
    return list(await asyncio.gather(*(office.do(verb, **how) for verb, how in steps)))


async def shown(office: FrontOffice, patient: str, invoice: str) -> tuple[tuple[int, int, int, str], int]:
    """The invoice as both services show it (outstanding, settled, notes, status), and the patient's credit."""
    found = await office.shown([patient], [invoice])
    return found["invoices"][invoice], found["credit"][patient]


def pay(patient: str, cents: int, *invoices: str, more_allowed: bool = False) -> tuple[str, dict[str, Any]]:
    how = {"patient": patient, "amount": cents, "invoices": list(invoices), "more_allowed": more_allowed}
    return "pay", how


def refund(payment: str, cents: int) -> tuple[str, dict[str, Any]]:
    return "refund", {"payment": payment, "amount": cents, "surplus_only": False}


def credit_note(invoice: str, cents: int) -> tuple[str, dict[str, Any]]:
    return "note", {"invoice": invoice, "side": "credit", "amount": cents}


@pytest.mark.rule("PAY-11.1")
async def test_twenty_payments_on_one_invoice_settle_it_exactly_in_both_services(
    office: FrontOffice, patient: str
) -> None:
    """PAY-11."""
    invoice = await issued(office, patient, 10_000)
    done = await at_once(office, *[pay(patient, 1_500, invoice)] * 20)
    assert Counter(one.allowed for one in done) == {True: 6, False: 14}
    assert await shown(office, patient, invoice) == ((1_000, 9_000, 0, "partially_paid"), 0)


@pytest.mark.rule("PAY-5.13")
@pytest.mark.parametrize("_round", ROUNDS)
async def test_refund_and_cancellation_of_one_payment_have_one_winner(
    office: FrontOffice, patient: str, _round: int
) -> None:
    """PAY-5."""
    invoice = await issued(office, patient, 4_000)
    payment = await paid(office, patient, 4_000, invoice)
    refunded, cancelled = await at_once(office, refund(payment, 1_000), ("cancel", {"payment": payment}))
    assert refunded.allowed != cancelled.allowed
    wanted = (0, 3_000, -1_000, "paid") if refunded.allowed else (4_000, 0, 0, "issued")
    assert await shown(office, patient, invoice) == (wanted, 0)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_void_against_payments_leaves_credit_and_one_story(
    office: FrontOffice, patient: str, _round: int
) -> None:
    """INV-8, PAY-11."""
    invoice = await issued(office, patient, 4_000)
    done = await at_once(
        office, pay(patient, 1_000, invoice), ("void", {"invoice": invoice}), pay(patient, 1_000, invoice)
    )
    taken = 1_000 * (done[0].allowed + done[2].allowed)
    if done[1].allowed:
        assert await shown(office, patient, invoice) == ((0, 0, 0, "void"), taken)
    else:
        assert await shown(office, patient, invoice) == ((4_000 - taken, taken, 0, "partially_paid"), 0)


@pytest.mark.rule("INV-9.3")
@pytest.mark.parametrize("_round", ROUNDS)
async def test_credit_note_against_payment_makes_the_surplus_credit(
    office: FrontOffice, patient: str, _round: int
) -> None:
    """INV-9."""
    invoice = await issued(office, patient, 4_000)
    credited, payment = await at_once(office, credit_note(invoice, 3_000), pay(patient, 4_000, invoice))
    assert credited.allowed
    surplus = 3_000 if payment.allowed else 0
    wanted = (0, 1_000, -3_000, "paid") if payment.allowed else (1_000, 0, -3_000, "issued")
    assert await shown(office, patient, invoice) == (wanted, surplus)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_credit_note_of_all_against_refund_of_all_never_goes_below_zero(
    office: FrontOffice, patient: str, _round: int
) -> None:
    """PAY-4, PAY-20: nothing is credited twice; undone, the note is asked for again."""
    invoice = await issued(office, patient, 4_000)
    payment = await paid(office, patient, 4_000, invoice)
    credited, refunded = await at_once(office, credit_note(invoice, 4_000), refund(payment, 4_000))
    assert refunded.allowed
    (outstanding, settled, _, status), credit = await shown(office, patient, invoice)
    assert (outstanding, settled, status, credit) == (0, 0, "credited", 0)
    if credited.allowed:
        assert (await office.do("undo_note", note=credited.made, side="credit")).allowed
        (outstanding, settled, notes, _), _ = await shown(office, patient, invoice)
        assert outstanding == 4_000 + notes - settled >= 0


@pytest.mark.parametrize("_round", ROUNDS)
async def test_credit_is_spent_once_whoever_asks(office: FrontOffice, patient: str, _round: int) -> None:
    """PAY-3: applied to two invoices and transferred, at once."""
    invoices = [await issued(office, patient, 2_000) for _ in range(2)]
    (sister,) = await office.register(1)
    await paid(office, patient, 2_500)
    done = await at_once(
        office,
        *(("apply", {"patient": patient, "invoice": invoice, "amount": 2_000}) for invoice in invoices),
        ("transfer", {"giver": patient, "taker": sister, "amount": 2_000}),
    )
    assert [one.allowed for one in done].count(True) == 1
    found = await office.shown([patient, sister], invoices)
    assert found["credit"] == {patient: 500, sister: 2_000 if done[2].allowed else 0}
    assert sum(settled for _, settled, _, _ in found["invoices"].values()) == (0 if done[2].allowed else 2_000)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_cancelling_a_refund_and_its_payment_at_once(office: FrontOffice, patient: str, _round: int) -> None:
    """PAY-5: the payment goes only after its refund; so both, or the refund alone."""
    invoice = await issued(office, patient, 4_000)
    payment = await paid(office, patient, 4_000, invoice)
    (refunded,) = await at_once(office, refund(payment, 1_000))
    await office.rest()
    undone, cancelled = await at_once(
        office, ("cancel_refund", {"refund": refunded.made}), ("cancel", {"payment": payment})
    )
    assert undone.allowed
    wanted = (4_000, 0, 0, "issued") if cancelled.allowed else (0, 4_000, 0, "paid")
    assert await shown(office, patient, invoice) == (wanted, 0)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_chargeback_and_refund_of_one_payment_at_once(office: FrontOffice, patient: str, _round: int) -> None:
    """PAY-6: a refund does not outlive the chargeback before it; a chargeback after it is the clinic's loss."""
    invoice = await issued(office, patient, 4_000)
    payment = await paid(office, patient, 4_000, invoice)
    charged, refunded = await at_once(office, ("charge_back", {"payment": payment}), refund(payment, 1_000))
    assert charged.allowed
    wanted = (3_000, 0, -1_000, "issued") if refunded.allowed else (4_000, 0, 0, "issued")
    assert await shown(office, patient, invoice) == (wanted, 0)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_void_against_applied_credit_gives_the_credit_back(
    office: FrontOffice, patient: str, _round: int
) -> None:
    """PAY-11: credit on its way to an invoice is money on its way."""
    invoice = await issued(office, patient, 4_000)
    await paid(office, patient, 3_000)
    voided, applied = await at_once(
        office, ("void", {"invoice": invoice}), ("apply", {"patient": patient, "invoice": invoice, "amount": None})
    )
    assert voided.allowed or applied.allowed
    wanted = ((0, 0, 0, "void"), 3_000) if voided.allowed else ((1_000, 3_000, 0, "partially_paid"), 0)
    assert await shown(office, patient, invoice) == wanted


@pytest.mark.parametrize("_round", ROUNDS)
async def test_refunds_note_against_void_leaves_nothing_open(office: FrontOffice, patient: str, _round: int) -> None:
    """PAY-4, INV-8: refunded in full, the invoice has no money on it; void or not, it asks for nothing."""
    invoice = await issued(office, patient, 4_000)
    payment = await paid(office, patient, 4_000, invoice)
    refunded, voided = await at_once(office, refund(payment, 4_000), ("void", {"invoice": invoice}))
    assert refunded.allowed
    status = "void" if voided.allowed else "credited"
    assert await shown(office, patient, invoice) == ((0, 0, -4_000, status), 0)
