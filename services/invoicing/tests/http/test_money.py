"""Money from the request to the event, in every currency and way of pricing (`MON-1` to `MON-6`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest
from chassis.identifiers import new_id
from chassis.money import Money
from contracts.invoicing import InvoiceIssued
from invoicing.domain import rounding
from invoicing.domain.rounding import NET_PRICES, Rounding, RoundingPolicy

TAXES = [
    {"code": "E", "category": "E", "rate": "0", "exemption_reason": "Dental care"},
    {"code": "S", "category": "S", "rate": "22"},
    {"code": "R", "category": "S", "rate": "5.5"},
]


@dataclass
class Desk:
    """A clinic's front desk in one currency; amounts are decimal strings of it."""

    api: httpx.AsyncClient
    currency: str

    def money(self, amount: str) -> dict[str, str]:
        return {"amount": amount, "currency": self.currency}

    def line(self, amount: str, tax: str = "E", **more: Any) -> dict[str, Any]:
        return {
            "kind": "custom",
            "description": "a thing",
            "unit_price": self.money(amount),
            "tax_category": tax,
        } | more

    async def post(self, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
        answer = await self.api.post(path, json=body)
        assert answer.status_code == status, (answer.status_code, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    async def invoice(self, *lines: dict[str, Any], status: int = 201, **more: Any) -> dict[str, Any]:
        body = {"patient_id": str(new_id()), "lines": list(lines), "issue": True} | more
        return await self.post("/v1/invoices", body, status)

    async def credit(self, invoice: dict[str, Any], status: int = 201, **body: Any) -> dict[str, Any]:
        path = f"/v1/invoices/{invoice['id']}/credit-notes"
        return await self.post(path, {"kind": "courtesy", "reason": "r"} | body, status)

    async def read(self, invoice: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.get(f"/v1/invoices/{invoice['id']}")).json()
        return found

    async def prove(self) -> None:
        assert (await self.api.get("/v1/prove")).json()["differences"] == []

    def minor(self, amount: dict[str, str]) -> int:
        assert amount["currency"] == self.currency
        return Money.parse(**amount).minor


def settings(currency: str, *, gross: bool = False, **more: Any) -> dict[str, Any]:
    made = {"name": "A", "currency": currency, "time_zone": "UTC", "language": "en", "tax_categories": TAXES}
    return made | {"prices_include_tax": gross} | more


@pytest.fixture(params=["JPY", "USD", "KWD"])
async def desk(request: pytest.FixtureRequest, harness: Any) -> AsyncIterator[Desk]:
    async with harness.client() as api:
        assert (await api.put("/v1/clinic", json=settings(request.param))).status_code == 200
        yield Desk(api, request.param)


PRICES = {"JPY": ("33499", "7"), "USD": ("334.99", "0.07"), "KWD": ("33.499", "0.007")}


def re_adds(desk: Desk, found: dict[str, Any]) -> bool:
    totals = found["totals"]
    net, tax, cash, total = (desk.minor(totals[name]) for name in ("net", "tax", "cash_rounding", "total"))
    return (
        net + tax + cash == total
        and sum(desk.minor(line["net"]) for line in found["lines"]) == net
        and sum(desk.minor(group["base"]) for group in totals["taxes"]) == net
        and sum(desk.minor(group["tax"]) for group in totals["taxes"]) == tax
    )


@pytest.mark.parametrize("gross", [False, True])
async def test_exempt_and_taxed_lines_discounted_and_credited_end_at_zero(
    harness: Any, desk: Desk, gross: bool
) -> None:
    """MON-1, MON-3 to MON-5 over HTTP: the documents, the events and the proof say the same cents."""
    if gross:
        body = settings(desk.currency, gross=True, reason="as agreed")
        assert (await desk.api.put("/v1/clinic", json=body, headers={"If-Match": '"1"'})).status_code == 200
    large, small = PRICES[desk.currency]
    made = await desk.invoice(
        desk.line(large, "S"),
        desk.line(small, "R", quantity="3"),
        desk.line(large, discount={"percent": "12.5", "reason": "kind"}),
        discount={"amount": desk.money(small), "reason": "family"},
    )
    assert re_adds(desk, made)
    assert made["rounding"]["id"] == f"en16931-{'gross' if gross else 'net'}-half-up"
    shares = [desk.minor(line["document_discount_amount"]) for line in made["lines"]]
    assert sum(shares) == desk.minor(desk.money(small))
    (event,) = [
        one.read_as(InvoiceIssued) for one in await harness.announced(InvoiceIssued) if str(one.subject) == made["id"]
    ]
    assert (event.totals.total.amount, event.totals.tax.amount) == (
        made["totals"]["total"]["amount"],
        made["totals"]["tax"]["amount"],
    )
    total = desk.minor(made["totals"]["total"])
    part = Money(total // 7, desk.currency).amount
    for _ in range(3):
        note = await desk.credit(made, amount=desk.money(part))
        assert note["total"] == desk.money(part)
    await desk.credit(made, lines=[{"line_id": made["lines"][0]["id"], "amount": desk.money(small)}])
    await desk.credit(made)
    found = await desk.read(made)
    assert found["outstanding"] == desk.money(Money(0, desk.currency).amount)
    assert found["credited"] == made["totals"]["total"]
    for name, of_invoice in (("net", "net"), ("tax", "tax")):
        assert sum(desk.minor(note[name]) for note in found["notes"]) == desk.minor(made["totals"][of_invoice])
    await desk.credit(made, 422)
    await desk.prove()


@pytest.mark.rule("MON-1.4", "MON-7.1")
async def test_an_amount_with_more_decimals_than_its_currency_is_refused(desk: Desk) -> None:
    """MON-1: wherever an amount is given; a unit price is finer, and ends at six decimals (MON-7)."""
    too_fine = {"JPY": "1.0001", "USD": "1.001", "KWD": "1.0001"}[desk.currency]
    line = desk.line(PRICES[desk.currency][0])
    made = await desk.invoice(line)
    refused = await desk.invoice(desk.line("1.0000001"), status=422)
    assert refused["errors"][0]["field"].startswith("lines[0].unit_price")
    off = {"amount": desk.money(too_fine), "reason": "r"}
    assert (await desk.invoice(line, discount=off, status=422))["errors"][0]["field"].startswith("discount")
    refused = await desk.invoice(line | {"discount": off}, status=422)
    assert refused["errors"][0]["field"].startswith("lines[0].discount")
    assert (await desk.credit(made, 422, amount=desk.money(too_fine)))["errors"][0]["field"].startswith("amount")
    by_line = [{"line_id": made["lines"][0]["id"], "amount": desk.money(too_fine)}]
    assert (await desk.credit(made, 422, lines=by_line))["errors"][0]["field"].startswith("lines[0].amount")
    body = {"kind": "late_fee", "reason": "r", "amount": desk.money(too_fine)}
    refused = await desk.post(f"/v1/invoices/{made['id']}/debit-notes", body, 422)
    assert refused["errors"][0]["field"].startswith("amount")
    assert (await desk.read(made))["version"] == made["version"]


@pytest.mark.rule("MON-2.1")
async def test_another_currency_is_refused_wherever_an_amount_is_given(desk: Desk) -> None:
    """MON-2."""
    other = {"amount": "1", "currency": "EUR"}
    line = desk.line(PRICES[desk.currency][0])
    made = await desk.invoice(line)
    by_line = {"kind": "courtesy", "reason": "r", "lines": [{"line_id": made["lines"][0]["id"], "amount": other}]}
    for path, body in (
        ("/v1/invoices", {"patient_id": str(new_id()), "lines": [line | {"unit_price": other}]}),
        ("/v1/invoices", {"patient_id": str(new_id()), "lines": [line], "discount": {"amount": other, "reason": "r"}}),
        ("/v1/invoices/preview", {"lines": [line | {"unit_price": other}]}),
        (f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "r", "amount": other}),
        (f"/v1/invoices/{made['id']}/credit-notes", by_line),
        (f"/v1/invoices/{made['id']}/debit-notes", {"kind": "late_fee", "reason": "r", "amount": other}),
    ):
        assert (await desk.post(path, body, 422))["type"].endswith("wrong-currency"), path


@pytest.mark.rule("MON-3.1")
async def test_5350_656_net_at_22_percent_comes_to_6527_81(clinic: Any) -> None:
    """A price of cents (`MON-1`) times a quantity of up to four decimals: 1.2 x 4,458.88, rounded at the line."""
    made = await clinic.invoice(clinic.custom("4458.88", quantity="1.2", tax_category="S"))
    totals = made["totals"]
    assert [totals[name]["amount"] for name in ("net", "tax", "total")] == ["5350.66", "1177.15", "6527.81"]
    assert made["lines"][0]["quantity"] == "1.2"


@pytest.mark.rule("MON-5.2")
@pytest.mark.parametrize("by", ["totals", "lines"])
@pytest.mark.parametrize("gross", [False, True])
async def test_four_partial_credit_notes_on_334_99_end_at_zero(clinic: Any, by: str, gross: bool) -> None:
    """MON-5: net, tax and gross, with no tolerance."""
    await clinic.configure(prices_include_tax=gross)
    made = await clinic.invoice(clinic.custom("334.99", tax_category="S"))
    total = made["totals"]["total"]["amount"]
    parts = [str((Decimal(total) / 4).quantize(Decimal("0.01")))] * 3 if by == "totals" else ["83.75"] * 3
    for part in parts:
        line = [{"line_id": made["lines"][0]["id"], "amount": clinic.usd(part)}]
        body = {"amount": clinic.usd(part)} if by == "totals" else {"lines": line}
        await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "r"} | body)
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "the rest"})
    found = await clinic.read(made["id"])
    for name in ("net", "tax", "total"):
        assert sum(Decimal(note[name]["amount"]) for note in found["notes"]) == Decimal(made["totals"][name]["amount"])
    assert (found["outstanding"], len(found["notes"])) == (clinic.usd("0.00"), 4)
    await clinic.prove()


async def test_a_discount_of_10_over_three_lines_is_split_by_largest_remainder_in_line_order(clinic: Any) -> None:
    """MON-3: 3.34, 3.33, 3.33; and no share is more than its line."""
    lines = [clinic.custom("33.33") for _ in range(3)]
    made = await clinic.invoice(*lines, discount={"amount": clinic.usd("10.00"), "reason": "r"})
    assert [line["document_discount_amount"]["amount"] for line in made["lines"]] == ["3.34", "3.33", "3.33"]
    assert made["totals"]["total"] == clinic.usd("89.99")
    tiny = [clinic.custom("0.01"), clinic.custom("0.01"), clinic.custom("9.99")]
    made = await clinic.invoice(*tiny, discount={"amount": clinic.usd("10.01"), "reason": "r"})
    assert [line["net"]["amount"] for line in made["lines"]] == ["0.00", "0.00", "0.00"]


@pytest.mark.rule("INV-5.1", "INV-5.3")
@pytest.mark.parametrize("gross", [False, True])
async def test_a_discount_of_100_percent_gives_exactly_zero(clinic: Any, gross: bool) -> None:
    """INV-5: on the lines, or on the document."""
    await clinic.configure(prices_include_tax=gross)
    whole = {"percent": "100", "reason": "warranty"}
    line = clinic.custom("33.33", quantity="0.3333", tax_category="S")
    for made in (
        await clinic.invoice(line, clinic.custom("0.01"), discount=whole),
        await clinic.invoice(line | {"discount": whole}, clinic.custom("0.01", discount=whole)),
    ):
        assert {made["totals"][name]["amount"] for name in ("net", "tax", "total")} == {"0.00"}
        assert (made["status"], made["outstanding"]) == ("paid", clinic.usd("0.00"))


@pytest.mark.rule("MON-6.2", "MON-12.2")
async def test_credit_notes_take_the_cash_rounding_with_the_last_of_them(clinic: Any) -> None:
    """MON-6: it is the cash rounding's own part, in no line."""
    await clinic.configure(cash_rounding="0.05")
    made = await clinic.invoice(clinic.custom("9.98"), clinic.custom("5.01", tax_category="S"))
    assert (made["totals"]["cash_rounding"], made["totals"]["total"]) == (clinic.usd("0.01"), clinic.usd("16.10"))
    path = f"/v1/invoices/{made['id']}/credit-notes"
    first = await clinic.post(path, {"kind": "courtesy", "reason": "r", "amount": clinic.usd("10.00")})
    assert first["cash_rounding"] == clinic.usd("0.00")
    last = await clinic.post(path, {"kind": "courtesy", "reason": "r"})
    assert (last["cash_rounding"], last["total"]) == (clinic.usd("0.01"), clinic.usd("6.10"))
    found = await clinic.read(made["id"])
    assert (found["outstanding"], found["credited"]) == (clinic.usd("0.00"), clinic.usd("16.10"))
    await clinic.prove()


def half_down(value: Any) -> int:
    """A rounding that is not today's: halves towards zero."""
    doubled = 2 * value
    return int(doubled // 2) if doubled % 2 <= 1 and doubled == int(doubled) else int((doubled + 1) // 2)


@pytest.mark.rule("MON-4.5")
async def test_a_document_is_recomputed_under_the_policy_it_was_made_with(
    clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MON-4: a release with another rounding leaves the cents of every older document as they are."""
    clinic.leaves_wrong_rows = True
    line = clinic.custom("0.25", quantity="0.1", tax_category="E")  # 0.025: 0.03 half-up, 0.02 half-down
    old = await clinic.invoice(line)
    old_draft = await clinic.invoice(line, issue=False)
    newer = RoundingPolicy(NET_PRICES.id, 2)
    monkeypatch.setitem(rounding.ROUNDINGS, newer, Rounding(half_down))
    monkeypatch.setitem(rounding.PRESENT, False, newer)
    new = await clinic.invoice(line)
    issued = await clinic.post(f"/v1/invoices/{old_draft['id']}/issue", status=200)
    for made, version, total in ((old, 1, "0.03"), (issued, 1, "0.03"), (new, 2, "0.02")):
        found = await clinic.read(made["id"])
        assert (found["rounding"]["version"], found["totals"]["total"]) == (version, clinic.usd(total))
        assert found["outstanding"] == clinic.usd(total)
    await clinic.prove()
    credit = {"kind": "courtesy", "reason": "r"}
    assert (await clinic.post(f"/v1/invoices/{old['id']}/credit-notes", credit))["total"] == clinic.usd("0.03")
    await clinic.prove()


async def test_a_policy_that_this_release_does_not_know_is_named_by_the_proof(
    clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MON-4, ALL-8: never guessed."""
    clinic.leaves_wrong_rows = True
    newer = RoundingPolicy(NET_PRICES.id, 3)
    with monkeypatch.context() as later:
        later.setitem(rounding.ROUNDINGS, newer, rounding.HALF_UP)
        later.setitem(rounding.PRESENT, False, newer)
        made = await clinic.invoice(clinic.custom("1.00"))
    (difference,) = (await clinic.api.get("/v1/prove")).json()["differences"]
    assert difference["what"] == f"invoice {made['id']} rounding"
    assert (await clinic.read(made["id"]))["totals"]["total"] == clinic.usd("1.00")
