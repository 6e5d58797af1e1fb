"""The service on a real PostgreSQL, with a real SMTP server on loopback and a small receipts service of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from aiosmtpd import smtp as aiosmtpd_smtp
from chassis.clock import ManualClock
from chassis.http import TokenSource
from chassis.identifiers import new_id
from chassis.testing.harness import START, ServiceHarness, admin_dsn, running
from contracts.clinics import ClinicConfigured
from contracts.event import Actor, Amount
from contracts.installments import InvoiceOverdue
from contracts.invoicing import InvoiceIssued, InvoiceTotals, InvoiceVoided, RoundingPolicy
from contracts.patients import ContactPoint, PatientChanged, PatientRegistered
from contracts.payments import (
    Payer,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
    SettlementChange,
)
from contracts.receipts import ReceiptIssued
from notifications.app import service
from notifications.documents.receipts import ReceiptsService
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).parent))  # for `webhook_partner`, beside this
PDF = b"%PDF-1.7 the very bytes that were stored\n%%EOF"
CLERK = Actor(subject="clerk:test")


@dataclass
class MailServer:
    """A real SMTP server. `script` says what it does with the next messages; with an empty one it takes them.

    `451 …` and `550 …` are answered to DATA, `rcpt 550 …` to RCPT; `cut` takes the message and hangs up without a
    word; `hang up` closes the connection at MAIL.
    """

    script: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    takes_other_letters: bool = True

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self,
        server: Any,
        session: Any,  # noqa: ARG002
        envelope: Any,
        address: str,
        options: list[str],
    ) -> str:
        if self.script and self.script[0] == "hang up":
            self.script.pop(0)
            server.transport.abort()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self,
        server: Any,  # noqa: ARG002
        session: Any,  # noqa: ARG002
        envelope: Any,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        if self.script and self.script[0].startswith("rcpt "):
            return self.script.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        verdict = self.script.pop(0) if self.script else "250 taken"
        if verdict.startswith("250") or verdict == "cut":
            mail = message_from_bytes(envelope.content, policy=modern)
            assert isinstance(mail, EmailMessage)
            self.taken.append(mail)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if verdict == "cut":
            server.transport.abort()
        return verdict

    def protocol(self) -> aiosmtpd_smtp.SMTP:
        self.connections += 1
        loop = asyncio.get_running_loop()
        return aiosmtpd_smtp.SMTP(self, hostname="mail.test", enable_SMTPUTF8=self.takes_other_letters, loop=loop)

    def forget(self) -> None:
        self.script.clear()
        self.taken.clear()
        self.envelopes.clear()


@dataclass
class Documents:
    """The receipts service, as far as documents are fetched from it; `answers` are given before it has the PDF."""

    answers: list[Response] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    looks: list[list[str]] = field(default_factory=list)
    being_made: set[str] = field(default_factory=set)
    payment: Response | None = None
    """What is said of how the clinic is paid; nobody knows that question where it is None."""
    payment_asked: int = 0

    async def give_pdf(self, request: Request) -> Response:
        self.asked.append(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        self.tokens.append(f"{request.headers['authorization']} for {request.headers['clinic-id']}")
        return self.answers.pop(0) if self.answers else Response(PDF, media_type="application/pdf")

    async def say_which_are_made(self, request: Request) -> Response:
        wanted = request.query_params.multi_items()
        self.looks.append([one for _, one in wanted])
        states = {one: "being_made" if one in self.being_made else "ready" for _, one in wanted}
        return JSONResponse({"items": [{"kind": kind, "id": one, "state": states[one]} for kind, one in wanted]})

    async def say_how_to_pay(self, _: Request) -> Response:
        self.payment_asked += 1
        return self.payment or Response(status_code=404)

    async def give_token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        return JSONResponse({"access_token": form["scope"][0].replace(" ", "+"), "expires_in": 300})

    def as_service(self) -> ReceiptsService:
        routes = [
            Route("/token", self.give_token, methods=["POST"]),
            Route("/v1/documents", self.say_which_are_made),
            Route("/v1/payment-details", self.say_how_to_pay),
            Route("/v1/{kind}/{id}/pdf", self.give_pdf),
            Route("/v1/installment-plans/{id}/agreement.pdf", self.give_pdf),
        ]
        transport = httpx.ASGITransport(Starlette(routes=routes))
        tokens = TokenSource(
            token_url="http://issuer.test/token",
            client_id="notifications",
            client_secret="secret",
            scope="receipts:read",
            transport=transport,
        )
        return ReceiptsService("http://receipts.test", tokens, transport)


def usd(amount: str) -> Amount:
    return Amount(amount=amount, currency="USD")


@dataclass
class Practice:
    """A clinic and a patient of it, and the events that happen to them."""

    clinic_id: UUID = field(default_factory=new_id)
    patient_id: UUID = field(default_factory=new_id)
    at: datetime = START
    email: str = "zoe.miller@example.org"

    def configured(self, **changes: Any) -> ClinicConfigured:
        given = {
            "version": 1,
            "name": "Smile Dental",
            "currency": "USD",
            "time_zone": "America/New_York",
            "language": "en-US",
            "email": "desk@smile.example",
            "phone": "+1 555 0100",
        }
        return ClinicConfigured(clinic_id=self.clinic_id, occurred_at=self.at, **(given | changes))

    def registered(self, consents: tuple[str, ...] = ("documents",), **changes: Any) -> PatientRegistered:
        return PatientRegistered(**self._patient(consents, 1, changes))

    def changed(self, version: int, consents: tuple[str, ...] = ("documents",), **changes: Any) -> PatientChanged:
        return PatientChanged(**self._patient(consents, version, changes))

    def _patient(self, consents: tuple[str, ...], version: int, changes: dict[str, Any]) -> dict[str, Any]:
        point = ContactPoint.model_validate({"channel": "email", "value": self.email, "consents": consents})
        given = {
            "clinic_id": self.clinic_id,
            "occurred_at": self.at,
            "patient_id": self.patient_id,
            "version": version,
            "given_name": "Zoë",
            "family_name": "Miller",
            "language": "en-US",
            "contact_points": (point,),
        }
        return given | changes

    def issued_invoice(self, total: str = "120.00", **changes: Any) -> InvoiceIssued:
        zero = usd("0.00")
        totals = InvoiceTotals(net=usd(total), discount=zero, tax=zero, cash_rounding=zero, total=usd(total), taxes=())
        given = {
            "clinic_id": self.clinic_id,
            "occurred_at": self.at,
            "invoice_id": new_id(),
            "patient_id": self.patient_id,
            "number": "INV-2026-000007",
            "issue_date": date(2026, 11, 23),
            "due_date": date(2026, 12, 23),
            "lines": (),
            "totals": totals,
            "rounding": RoundingPolicy(id="half-up", version=1),
            "by": CLERK,
        }
        return InvoiceIssued(**(given | changes))

    def overdue(self, invoice: InvoiceIssued) -> InvoiceOverdue:
        """On the day on which it was due, with all of it outstanding."""
        return InvoiceOverdue(
            clinic_id=self.clinic_id,
            occurred_at=self.at,
            invoice_id=invoice.invoice_id,
            patient_id=self.patient_id,
            number=invoice.number,
            due_date=invoice.due_date,
            on=self.at.date(),
            total=invoice.totals.total,
            outstanding=invoice.totals.total,
        )

    def voided(self, invoice: InvoiceIssued) -> InvoiceVoided:
        return InvoiceVoided(
            clinic_id=self.clinic_id,
            occurred_at=self.at,
            invoice_id=invoice.invoice_id,
            patient_id=self.patient_id,
            number=invoice.number,
            voided_on=date(2026, 11, 23),
            total=invoice.totals.total,
            by=CLERK,
        )

    def _moved(self, amount: str, changes: dict[str, Any]) -> dict[str, Any]:
        given = {
            "clinic_id": self.clinic_id,
            "occurred_at": self.at,
            "transaction_id": new_id(),
            "patient_id": self.patient_id,
            "amount": usd(amount),
            "payer": Payer(kind="patient"),
            "method": "cash",
            "recorded_at": self.at,
            "booked_on": self.at.date(),
            "patient_credit_change": usd("0.00"),
            "patient_credit_balance": usd("0.00"),
            "by": CLERK,
        }
        return given | changes

    def settlement(self, invoice: InvoiceIssued, payment_id: UUID, change: str, outstanding: str) -> SettlementChange:
        return SettlementChange(
            invoice_id=invoice.invoice_id,
            invoice_number=invoice.number,
            payment_id=payment_id,
            change=usd(change),
            credited=usd("0.00"),
            outstanding=usd(outstanding),
        )

    def paid(self, amount: str = "86.28", **changes: Any) -> PaymentRecorded:
        return PaymentRecorded(**self._moved(amount, changes), received_at=self.at)

    def refunded(self, payment: PaymentRecorded, amount: str = "10.00", **changes: Any) -> PaymentRefunded:
        given = self._moved(amount, changes)
        return PaymentRefunded(**given, payment_id=payment.transaction_id, refunded_so_far=usd(amount))

    def cancelled(self, payment: PaymentRecorded, **changes: Any) -> PaymentCancelled:
        given = self._moved(payment.amount.amount, changes)
        return PaymentCancelled(**given, payment_id=payment.transaction_id)

    def charged_back(self, payment: PaymentRecorded, **changes: Any) -> PaymentChargedBack:
        given = self._moved(payment.amount.amount, changes)
        return PaymentChargedBack(**given, payment_id=payment.transaction_id)

    def refund_cancelled(self, refund: PaymentRefunded) -> RefundCancelled:
        given = self._moved(refund.amount.amount, {})
        return RefundCancelled(**given, refund_id=refund.transaction_id, payment_id=refund.payment_id)

    def receipt(self, of: PaymentRecorded | PaymentRefunded, **changes: Any) -> ReceiptIssued:
        given = {
            "clinic_id": self.clinic_id,
            "occurred_at": self.at,
            "receipt_id": new_id(),
            "patient_id": self.patient_id,
            "number": "R-2026-000042",
            "kind": "payment" if isinstance(of, PaymentRecorded) else "refund",
            "transaction_id": of.transaction_id,
            "amount": of.amount,
            "sha256": "0" * 64,
            "size_bytes": len(PDF),
            "language": "en",
            "recorded_at": of.recorded_at,
        }
        return ReceiptIssued(**(given | changes))


@dataclass
class Desk:
    """The running service with what is around it."""

    harness: ServiceHarness
    mail: MailServer
    documents: Documents

    @property
    def clock(self) -> ManualClock:
        return self.harness.clock

    async def send(self, *, after: timedelta = timedelta(0)) -> None:
        """Send all that is due after a time, until nothing more is in flight."""
        self.clock.advance(after)
        sending = self.harness.resources.state.sending
        while await sending.start_due():
            await sending.finish()
        await sending.finish()

    async def tell(self, *events: Any) -> None:
        """Deliver events, then send what they make due."""
        await self.harness.deliver(*events)
        await self.send()

    async def messages(self, practice: Practice, **wanted: Any) -> list[dict[str, Any]]:
        """The clinic's log, the newest first."""
        async with self.harness.client("notifications:read", practice.clinic_id) as client:
            answer = await client.get("/v1/messages", params=wanted)
            assert answer.status_code == 200, answer.text
            found: list[dict[str, Any]] = answer.json()["items"]
            return found

    async def history(self, practice: Practice, message_id: str) -> list[tuple[str, str | None]]:
        async with self.harness.client("notifications:read", practice.clinic_id) as client:
            answer = await client.get(f"/v1/messages/{message_id}")
            return [(one["outcome"], one["detail"]) for one in answer.json()["history"]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def smtp() -> AsyncIterator[MailServer]:
    mail = MailServer()
    listening = await asyncio.get_running_loop().create_server(mail.protocol, "127.0.0.1", 0)
    mail.port = listening.sockets[0].getsockname()[1]
    yield mail
    listening.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def harness(request: pytest.FixtureRequest, smtp: MailServer) -> AsyncIterator[ServiceHarness]:
    settings: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp.port,
        "smtp_sender": "billing@dental.example",
        "webhook_private_addresses": True,
    }
    async with running(service, admin_dsn(request), **settings) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def desk(harness: ServiceHarness, smtp: MailServer) -> AsyncIterator[Desk]:
    smtp.forget()
    documents = Documents()
    harness.resources.state.sending.documents = documents.as_service()
    yield Desk(harness, smtp, documents)
    await harness.resources.state.sending.documents.close()


@pytest.fixture
def practice(desk: Desk) -> Practice:
    return Practice(at=desk.clock.now().astimezone(UTC))
