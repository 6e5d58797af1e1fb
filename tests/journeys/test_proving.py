"""A wrong row is found and named, by the service it is in or by comparing it with the others (`ALL-8`)."""

from __future__ import annotations

import asyncio
import runpy
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from contracts.payments import CreditTransferred, Payer, SettlementChange
from local_stack.edge.settings import AUDIENCE
from local_stack.edge.signing import Signer
from local_stack.looking import compare, compare_all, prove_each
from local_stack.places import command
from local_stack.practice.events import Announced
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack
from local_stack.trouble import CannotRun
from planting import planted, proof_of

from contracts import Actor, Amount

CONTAINERS = Path(__file__).parents[2] / "deploy" / "containers"
Planted = Callable[..., Awaitable[None]]


@pytest.fixture
async def paid(story: Story) -> tuple[UUID, UUID, UUID]:
    """An invoice, a payment of it, and a refund, known to all: their ids."""
    invoice = await story.happen(9_000)
    payment = await story.desk.pay(5_000, "cash")
    refund = await story.desk.refund(payment, 2_000, "complaint", "waited long")
    await story.settled(4_000, "partially_paid")
    for transaction in (payment, refund):  # Stored: a row that is planted before that would be told as if it were true.
        await story.receipt(transaction)
    assert (await proof_of(story)).told() == []
    return UUID(invoice["id"]), UUID(payment), UUID(refund)


async def test_proof_says_how_much_was_recomputed_and_compared(story: Story, paid: tuple[UUID, UUID, UUID]) -> None:
    assert paid
    proof = await proof_of(story)
    assert set(proof.figures) == {"invoicing", "payments", "receipts", "notifications"}
    assert min(proof.figures.values()) > 0
    counts = {str(one): count for one, count in proof.compared.counts.items()}
    assert counts == {
        "invoices of invoicing and payments": 1,
        "invoices of invoicing and receipts": 1,
        "invoices of invoicing and notifications": 1,
        "plans of invoicing and payments": 0,
        "plans of invoicing and receipts": 0,
        "plans of invoicing and notifications": 0,
        "refunds of payments and invoicing": 1,
        "transactions of payments and receipts": 2,
        "transactions of payments and notifications": 2,
    }
    assert any(line.startswith("invoicing and payments: 1 invoice, 0 differences, ") for line in proof.lines())


async def test_wrong_sum_in_invoicing_is_named_by_it_and_by_all_that_heard_of_it(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID]
) -> None:
    invoice = paid[0]
    change = "UPDATE invoices SET settled_minor = settled_minor {} 1 WHERE id = $1"
    async with planted(stack, "invoicing", change.format("+"), change.format("-"), invoice):
        told = (await proof_of(story)).told()
    assert any(f"invoice {invoice} settled, expected 3000, found 3001" in line for line in told)
    assert any(f"{invoice}: settled 3001 in invoicing, 3000 in payments; outstanding 3999" in line for line in told)
    assert any(f"{invoice}: outstanding 3999 in invoicing, 4000 in notifications" in line for line in told)
    assert any("what ageing of clinic" in line for line in told)
    assert len(told) == 4


@pytest.mark.rule("ALL-8.2")
async def test_wrong_rows_that_agree_with_each_other_are_found_beside_the_other_service(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID]
) -> None:
    """A lost event: no sum within invoicing is wrong, it is just another story."""
    invoice = paid[0]
    lose = """
        WITH gone AS (DELETE FROM settlements WHERE invoice_id = $1 AND kind = 'payment' RETURNING *),
             kept AS (INSERT INTO lost SELECT * FROM gone)
        UPDATE invoices SET settled_minor = settled_minor - 5000 WHERE id = $1
    """
    find = """
        WITH found AS (INSERT INTO settlements SELECT * FROM lost)
        UPDATE invoices SET settled_minor = settled_minor + 5000 WHERE id = $1
    """
    connection = await asyncpg.connect(stack.database_dsn("invoicing"))
    try:
        await connection.execute("DROP TABLE IF EXISTS lost; CREATE TABLE lost AS TABLE settlements WITH NO DATA")
        async with planted(stack, "invoicing", lose, find, invoice):
            proof = await proof_of(story)
        await connection.execute("DROP TABLE lost")
    finally:
        await connection.close()
    assert proof.differences == []
    assert any("settled -2000 in invoicing, 3000 in payments" in line for line in proof.told())


async def test_wrong_position_in_payments_is_named(stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID]) -> None:
    change = """
        UPDATE payment_positions
           SET allocated_minor = allocated_minor {0} 1, unallocated_minor = unallocated_minor {1} 1
         WHERE payment_id = $1
    """
    async with planted(stack, "payments", change.format("-", "+"), change.format("+", "-"), paid[1]):
        told = (await proof_of(story)).told()
    assert [line for line in told if f"payment {paid[1]} allocated, expected 3000, found 2999" in line]
    assert [line for line in told if f"payment {paid[1]} unallocated, expected 0, found 1" in line]
    assert len(told) == 2


@pytest.mark.rule("RCP-1.1")
async def test_missing_receipt_is_named_by_the_gap_and_by_its_payment(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID]
) -> None:
    """RCP-1: exactly one receipt for each payment and refund."""
    connection = await asyncpg.connect(stack.database_dsn("receipts"))
    try:
        await connection.execute("DROP TABLE IF EXISTS lost; CREATE TABLE lost AS TABLE receipts WITH NO DATA")
        lose = """
            WITH gone AS (DELETE FROM receipts WHERE transaction_id = $1 RETURNING *)
            INSERT INTO lost SELECT * FROM gone
        """
        find = "INSERT INTO receipts SELECT * FROM lost WHERE transaction_id = $1"
        async with planted(stack, "receipts", lose, find, paid[2]):
            told = (await proof_of(story)).told()
        await connection.execute("DROP TABLE lost")
    finally:
        await connection.close()
    assert f"transactions of payments and receipts: {paid[2]}: receipts has none" in told
    assert any("receipts, against the last number given" in line for line in told)


async def test_receipt_that_is_not_void_after_a_cancellation_is_named(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID]
) -> None:
    """RCP-3."""
    wrong = "UPDATE receipts SET voided_at = now(), void_cause = 'chargeback' WHERE transaction_id = $1"
    right = "UPDATE receipts SET voided_at = NULL, void_cause = NULL WHERE transaction_id = $1"
    async with planted(stack, "receipts", wrong, right, paid[1]):
        told = (await proof_of(story)).told()
    line = f"transactions of payments and receipts: {paid[1]}: undone_by nothing in payments, chargeback in receipts"
    assert told == [line]


async def test_what_notifications_would_say_wrongly_is_named(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID]
) -> None:
    """NOT-4: nothing goes out about what was cancelled, so it has to know."""
    change = "UPDATE transactions SET stands = NOT stands WHERE transaction_id = $1"
    async with planted(stack, "notifications", change, change, paid[1]):
        told = (await proof_of(story)).told()
    assert told == [
        f"transactions of payments and notifications: {paid[1]}: stands True in payments, False in notifications"
    ]


@pytest.fixture(params=["edge", "container"])
async def endpoint(
    request: pytest.FixtureRequest, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """Where a proof is asked for: of the local stack, and of the container that any deployment can have."""
    if request.param == "edge":
        async with httpx.AsyncClient(base_url=stack.layout.edge_url, timeout=60) as client:
            yield client
        return
    told_to(monkeypatch, stack)
    issuer = stack.layout.edge_url
    for name, value in {"JWKS_URL": f"{issuer}/.well-known/jwks.json", "TOKEN_ISSUER": issuer}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TOKEN_AUDIENCE", AUDIENCE)
    app = runpy.run_path(str(CONTAINERS / "proof.py"))["app"]()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://proof") as client:
        yield client


@pytest.mark.rule("ALL-8.1", "ALL-8.2")
async def test_endpoint_proves_a_clinic_in_all_services_and_between_them(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID], endpoint: httpx.AsyncClient
) -> None:
    change = "UPDATE invoices SET total_minor = total_minor {} 1 WHERE invoice_id = $1"
    path, asked = f"/prove/{story.clinic_id}", bearer(stack, story.clinic_id, "operations")
    well = (await endpoint.get(path, headers=asked)).json()
    async with planted(stack, "notifications", change.format("+"), change.format("-"), paid[0]):
        wrong = (await endpoint.get(path, headers=asked)).json()
    assert (well["proven"], well["differences"]) == (True, [])
    assert [one["compared"] for one in well["compared"]] == [1, 1, 1, 0, 0, 0, 1, 2, 2]
    assert set(well["figures"]) == {"invoicing", "payments", "receipts", "notifications"}
    assert not wrong["proven"]
    assert str(paid[0]) in wrong["differences"][0]


async def test_endpoint_proves_a_clinic_to_those_who_may_operate_it(
    stack: Stack, story: Story, endpoint: httpx.AsyncClient
) -> None:
    """ALL-4, ALL-5."""
    asked = [{}, bearer(stack, story.clinic_id, "payments:read"), bearer(stack, uuid4(), "operations")]
    answers = [await endpoint.get(f"/prove/{story.clinic_id}", headers=headers) for headers in asked]
    assert [answer.status_code for answer in answers] == [401, 403, 404]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


def bearer(stack: Stack, clinic_id: UUID, scope: str) -> dict[str, str]:
    signer = Signer.kept_in(stack.home / "edge" / "signing-key.pem", stack.layout.edge_url)
    return {"Authorization": f"Bearer {signer.token(subject='me', clinic_id=clinic_id, scopes=frozenset([scope]))}"}


def told_to(monkeypatch: pytest.MonkeyPatch, stack: Stack) -> None:
    """Where the parts are, as the environment of any deployment says it."""
    at = stack.layout.addresses()
    for name, url in at.services().items():
        monkeypatch.setenv(f"{name.upper()}_URL", url)
    for name in ("token_url", "client_id", "client_secret", "kafka_bootstrap"):
        monkeypatch.setenv(name.upper(), getattr(at, name))


async def test_services_of_any_deployment_are_compared_as_the_environment_names_them(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    told_to(monkeypatch, stack)
    monkeypatch.delenv("KAFKA_BOOTSTRAP")
    with pytest.raises(CannotRun, match="KAFKA_BOOTSTRAP"):
        await asyncio.to_thread(compare, [story.clinic_id])
    told_to(monkeypatch, stack)
    assert await asyncio.to_thread(compare, [story.clinic_id]) == 0
    assert "payments and receipts: 2 transactions, 0 differences" in capsys.readouterr().out
    change = "UPDATE receipts SET void_cause = 'chargeback', voided_at = now() WHERE transaction_id = $1"
    back = "UPDATE receipts SET void_cause = NULL, voided_at = NULL WHERE transaction_id = $1"
    async with planted(stack, "receipts", change, back, paid[1]):
        assert await asyncio.to_thread(compare, [story.clinic_id]) == 1
    assert str(paid[1]) in capsys.readouterr().out


async def test_command_finds_a_wrong_row_of_any_clinic_and_says_how_much_it_looked_at(
    stack: Stack, story: Story, paid: tuple[UUID, UUID, UUID], capfd: pytest.CaptureFixture[str]
) -> None:
    """What `make prove` runs."""
    assert story
    change = "UPDATE invoices SET settled_minor = settled_minor {} 1 WHERE invoice_id = $1"
    async with planted(stack, "payments", change.format("-"), change.format("+"), paid[0]):
        well = await asyncio.to_thread(prove_each, stack.layout)
        lines, differences = await compare_all(stack.layout)
    said = capfd.readouterr().out
    assert not well
    assert f"invoice {paid[0]} settled" in said
    assert '"proof":"invoices","figures":' in said
    assert len(lines) == 9
    assert any(str(paid[0]) in line for line in differences)


async def test_difference_is_told_with_the_message_that_was_set_aside(stack: Stack, story: Story) -> None:
    """ALL-7: later money of the patient waits behind it, and the proof says so rather than leave a riddle."""
    await story.happen(6_000)
    await story.announcer.announce([settlement_of_nothing(story)])
    await story.desk.pay(1_000, "cash")

    async def told() -> list[str]:
        return (await proof_of(story)).told()

    found = await until(told, "the payment waits in invoicing")
    assert any("settled 0 in invoicing, 1000 in payments" in line for line in found)
    because = [line for line in found if line.startswith("perhaps because invoicing has billing.credit.transferred.v1")]
    assert len(because) == 1
    assert "is not known" in because[0] or "unknown" in because[0]
    await dismiss(stack, story, "invoicing")
    await story.settled(5_000, "partially_paid")


async def test_what_waits_for_the_register_is_on_its_way_and_no_difference(
    stack: Stack, story: Story, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-8, ALL-11: documents of a patient nobody registered wait an hour; the proof says so, and that it balances."""
    amount = {"amount": "10.00", "currency": "USD"}
    body = {"patient_id": str(uuid4()), "method": "cash", "amount": amount, "allow_overpayment": True}
    made = await story.api.post("payments", story.clinic_id, "/v1/payments", body, uuid4())
    payment = made.body["id"]

    async def waits() -> bool:
        position = (await story.api.get("receipts", story.clinic_id, "/v1/position")).body
        return payment in [one["subject"] for one in position["set_aside"]]

    await until(waits, "the receipt waits for the register")
    proof = await proof_of(story)
    assert proof.told() == []
    (line,) = proof.compared.awaiting
    assert line.startswith(
        f"transactions of payments and receipts: {payment}: receipts has billing.payment.recorded.v1"
    )
    assert any("0 differences, 1 on the way (the register has not told" in one for one in proof.lines())
    told_to(monkeypatch, stack)
    assert await asyncio.to_thread(compare, [story.clinic_id]) == 0
    assert "1 on the way" in capsys.readouterr().out


def settlement_of_nothing(story: Story) -> Announced:
    """What payments never announces: a change of an invoice that there is not."""
    now, nothing = datetime.now(UTC), Amount(amount="0.00", currency="USD")
    event = CreditTransferred(
        clinic_id=story.clinic_id,
        occurred_at=now,
        transaction_id=uuid4(),
        patient_id=story.scene.patient.id,
        amount=Amount(amount="1.00", currency="USD"),
        payer=Payer(kind="patient"),
        method="other",
        method_label="planted",
        recorded_at=now,
        booked_on=now.date(),
        settlements=(
            SettlementChange(
                invoice_id=uuid4(),
                invoice_number="none",
                payment_id=uuid4(),
                change=nothing,
                credited=nothing,
                outstanding=nothing,
            ),
        ),
        patient_credit_change=nothing,
        patient_credit_balance=nothing,
        by=Actor(subject="nobody"),
        direction="in",
        other_patient_id=uuid4(),
        linked_transaction_id=uuid4(),
    )
    return Announced(uuid4(), "/dental-billing/payments", event.transaction_id, event)


async def dismiss(stack: Stack, story: Story, service: str) -> None:
    """Decide that the clinic's oldest message is never handled, as an operator does."""
    position = (await story.api.get(service, story.clinic_id, "/v1/position")).body
    oldest = str(position["set_aside"][0]["id"])
    program = [command(service), "dead-letters", "dismiss", "--id", oldest, "--reason", "planted"]
    done = await asyncio.create_subprocess_exec(*program, env=stack.layout.env(service) | {"OTLP_ENDPOINT": ""})
    assert await done.wait() == 0
