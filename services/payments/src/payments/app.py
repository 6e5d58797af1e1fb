"""The payments service: what it answers, what it listens to, what it proves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from chassis.cli import run
from chassis.http import Arrivals
from chassis.messaging.expired_words import EMPTY_EXPIRED_WORDS
from chassis.messaging.jobs import Job
from chassis.resources import Resources
from chassis.service import Proof, Service
from contracts.payments import TOPIC as PAYMENTS
from contracts.personal import without_payer

from payments.consumers import SUBSCRIPTIONS
from payments.consumers.transactions import BUILT_UPON, on_announced_transactions
from payments.http import (
    accounts,
    books,
    credit,
    day_sheets,
    journal,
    moves,
    payment_groups,
    payment_settings,
    payments,
    refund_requests,
    remittances,
    selections,
)
from payments.http.problems import PROBLEMS
from payments.jobs.announce_credit import announce_credit
from payments.jobs.sum_days import sum_days
from payments.persistence import invoices, proof
from payments.persistence.tallies import TALLIES
from payments.settings import PaymentsSettings


@asynccontextmanager
async def _invoices_awaited(resources: Resources) -> AsyncIterator[None]:
    resources.state.invoices = Arrivals(resources.database, invoices.BELL, invoices.arrived)
    yield


service = Service(
    name="payments",
    description="Money that moved: payments, refunds, cancellations, patient credit and the journal.",
    settings=PaymentsSettings,
    routers=[
        payments.router,
        moves.router,
        remittances.router,
        selections.router,
        refund_requests.router,
        credit.router,
        accounts.router,
        payment_groups.router,
        day_sheets.router,
        books.router,
        journal.router,
        payment_settings.router,
    ],
    problems=PROBLEMS,
    lifespan=_invoices_awaited,
    without_person=without_payer,
    subscriptions=SUBSCRIPTIONS,
    printed=True,
    announces=[PAYMENTS],
    record_again=on_announced_transactions,
    built_upon=BUILT_UPON,
    migrations=Path(__file__).parents[2] / "migrations",
    jobs=[
        Job(name="sum_days", every_seconds=3_600, run=sum_days),
        Job(name="announce_credit", every_seconds=600, run=announce_credit),
        EMPTY_EXPIRED_WORDS,
    ],
    proofs=[Proof("balances", proof.prove)],
    tallies=TALLIES,
)
main = partial(run, service)
