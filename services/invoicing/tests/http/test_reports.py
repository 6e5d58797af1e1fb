"""The accountant's reports: each the sum of its documents, as JSON and as CSV (`PAY-16`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import START
from contracts.patients import PatientRegistered
from contracts.payments import PaymentCancelled
from invoicing_insurers import Insurer

BUCKETS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90_days")
TODAY = date(2026, 11, 23)


async def report(clinic: Any, name: str, status: int = 200, **asked: Any) -> dict[str, Any]:
    answer = await clinic.api.get(f"/v1/reports/{name}", params={k.rstrip("_"): v for k, v in asked.items()})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def rows_of(clinic: Any, name: str, **asked: Any) -> list[dict[str, str]]:
    answer = await clinic.api.get(f"/v1/reports/{name}.csv", params=asked)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/csv"), answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def note(clinic: Any, invoice: dict[str, Any], kind: str, amount: str | None = None, **more: Any) -> Any:
    side = "debit" if kind in ("late_fee", "correction") else "credit"
    body = {"kind": kind, "reason": "as agreed"} | ({"amount": clinic.usd(amount)} if amount else {}) | more
    return await clinic.post(f"/v1/invoices/{invoice['id']}/{side}-notes", body)


@pytest.fixture
def later(clinic: Any) -> Iterator[Any]:
    """Lets days go by, and turns the clock back afterwards."""
    passed: list[int] = []

    def go(days: int) -> None:
        passed.append(days)
        clinic.harness.clock.advance(timedelta(days=days))

    yield go
    clinic.harness.clock.advance(timedelta(days=-sum(passed)))


@pytest.mark.rule("PAY-16.1", "PAY-16.5")
async def test_tax_is_told_by_category_rate_and_document(clinic: Any) -> None:
    """PAY-16."""
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("50.00", tax_category="S"))
    await clinic.invoice(clinic.custom("10.00", tax_category="S"))
    await note(clinic, made, "courtesy", "20.00", reason="long wait")
    await note(clinic, made, "late_fee", "5.00", tax_category="S")
    found = await report(clinic, "tax")
    parts = {(item["tax_category"], item["tax_rate"], item["kind"]): item for item in found["items"]}
    told = {key: (one["documents"], one["base"]["amount"], one["tax"]["amount"]) for key, one in parts.items()}
    assert told["E", "0", "invoice"] == (1, "100.00", "0.00")
    assert told["S", "22", "invoice"] == (2, "60.00", "13.20")
    assert told["S", "22", "debit_note"] == (1, "5.00", "1.10")
    assert told["E", "0", "credit_note"][1] == "-12.42"
    assert told["S", "22", "credit_note"][1:] == ("-6.21", "-1.37")
    assert found["totals"]["total"] == clinic.usd("159.30")
    assert [one["kind"] for one in await rows_of(clinic, "tax")] == [item["kind"] for item in found["items"]]
    assert (await report(clinic, "tax", from_="2026-11-24"))["items"] == []
    assert (await report(clinic, "tax", to="2026-11-23"))["totals"] == found["totals"]


async def test_a_void_takes_tax_back_on_its_own_day(clinic: Any, later: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00", tax_category="S"))
    await note(clinic, made, "courtesy", "12.20")
    later(3)
    await clinic.post(f"/v1/invoices/{made['id']}/void", {"reason": "wrong patient"}, 200)
    before = await report(clinic, "tax", to="2026-11-25")
    assert (before["totals"]["tax"], before["totals"]["net"]) == (clinic.usd("19.80"), clinic.usd("90.00"))
    voided = await report(clinic, "tax", from_="2026-11-26", to="2026-11-26")
    assert (voided["totals"]["tax"], voided["totals"]["net"]) == (clinic.usd("-19.80"), clinic.usd("-90.00"))
    assert (await report(clinic, "tax"))["totals"]["total"] == clinic.usd("0.00")


def ages(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name]["amount"] for name in BUCKETS if row[name]["amount"] != "0.00"}


@pytest.mark.rule("PAY-16.2", "PAY-16.5")
async def test_what_is_owed_is_aged_by_patient(clinic: Any, later: Any) -> None:
    """PAY-16: on its due date nothing is late; a void or paid invoice owes nothing; the past stays what it was."""
    await clinic.configure(due_days=0)
    first, other = str(new_id()), str(new_id())
    old = await clinic.invoice(clinic.custom("100.00"), patient_id=first)
    await clinic.invoice(clinic.custom("40.00"), patient_id=other)
    later(31)
    await clinic.invoice(clinic.custom("7.00"), patient_id=first)
    found = await report(clinic, "ageing")
    rows = {item["id"]: item for item in found["items"]}
    assert ages(rows[first]) == {"not_due": "7.00", "days_31_60": "100.00"}
    assert ages(rows[other]) == {"days_31_60": "40.00"}
    assert (found["total"], found["insurers"]["total"]) == (clinic.usd("147.00"), clinic.usd("0.00"))
    await clinic.settle(old, "100.00", occurred_at=clinic.harness.clock.now())
    assert (await report(clinic, "ageing"))["total"] == clinic.usd("47.00")
    then = await report(clinic, "ageing", as_of="2026-12-20")
    assert (then["patients"]["days_1_30"], then["total"]) == (clinic.usd("140.00"), clinic.usd("140.00"))
    refused = await report(clinic, "ageing", 422, as_of="2027-03-01")
    assert refused["errors"][0]["field"] == "as_of"
    assert {one["id"] for one in await rows_of(clinic, "ageing")} == {first, other}


async def test_who_owes_is_named_as_the_register_knows_them(clinic: Any) -> None:
    """PAY-16, INV-18: a list of debtors is worked with by name; who is not registered yet has none."""
    amara, other = str(new_id()), str(new_id())
    told = {"clinic_id": clinic.id, "occurred_at": START, "version": 1, "given_name": "Amara", "family_name": "Okafor"}
    await clinic.harness.deliver(PatientRegistered(patient_id=UUID(amara), **told))
    for patient in (amara, other):
        await clinic.invoice(clinic.custom("10.00"), patient_id=patient)
    named = {amara: "Amara Okafor", other: None}
    assert {item["id"]: item["name"] for item in (await report(clinic, "ageing"))["items"]} == named
    assert {one["id"]: one["name"] or None for one in await rows_of(clinic, "ageing")} == named


async def test_what_a_plan_says_is_due_ages_by_its_installments(clinic: Any, later: Any) -> None:
    await clinic.configure(due_days=0)
    made = await clinic.invoice(clinic.custom("100.00"))
    body = {"count": 4, "unit": "months", "first_due_date": "2026-11-30"}
    await clinic.post(f"/v1/invoices/{made['id']}/installment-plan", body)
    later(45)
    (row,) = (await report(clinic, "ageing"))["items"]
    assert ages(row) == {"not_due": "50.00", "days_1_30": "25.00", "days_31_60": "25.00"}
    (row,) = (await report(clinic, "ageing", as_of="2026-12-15"))["items"]
    assert ages(row) == {"not_due": "75.00", "days_1_30": "25.00"}


@pytest.mark.rule("PAY-16.2")
async def test_an_insurer_owes_what_is_expected_of_it_and_the_patient_the_rest(clinic: Any) -> None:
    insurer = Insurer()
    line = clinic.custom("100.00") | {"estimates": [insurer.estimate("60.00", "10.00", "30.00")]}
    made = await clinic.invoice(line)
    found = await report(clinic, "ageing")
    assert {item["debtor"]: ages(item) for item in found["items"]} == {
        "patient": {"not_due": "30.00"},
        "insurer": {"not_due": "70.00"},
    }, "also what its contract is expected to take off is not asked of the patient"
    (owes,) = (await report(clinic, "ageing", debtor="insurer"))["items"]
    assert (owes["id"], owes["name"]) == (str(insurer.id), insurer.name)
    told = [owes["expected_write_off"], found["expected_write_off"]]
    assert told == [clinic.usd("10.00")] * 2, "no money will come of it"
    assert [row["expected_write_off"] for row in await rows_of(clinic, "ageing")] == ["0.00", "10.00"]
    await clinic.settle(made, "25.00")
    assert (await report(clinic, "ageing"))["patients"]["total"] == clinic.usd("5.00")
    assert (await report(clinic, "ageing"))["total"] == clinic.usd("75.00")


@pytest.mark.parametrize("decided", [True, False])
async def test_the_patients_part_ages_by_the_oldest_installments(clinic: Any, later: Any, *, decided: bool) -> None:
    """INS-4: as installments, statements and mails have it; what is expected to be written off is the insurer's."""
    await clinic.configure(due_days=0)
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00", estimates=[insurer.estimate("70.00", "20.00", "10.00")]))
    if decided:
        line = insurer.line(made["lines"][0], "70.00", CO="20.00", PR="10.00")
        await clinic.harness.deliver(insurer.decides(made, [line], clinic_id=clinic.id))
    body = {"count": 4, "unit": "weeks", "every": 2, "first_due_date": "2026-11-30"}
    await clinic.post(f"/v1/invoices/{made['id']}/installment-plan", body)
    later(27)
    aged = {item["debtor"]: ages(item) for item in (await report(clinic, "ageing"))["items"]}
    if decided:
        assert aged["patient"] == {"days_1_30": "10.00"}
        assert aged["insurer"] == {"days_1_30": "30.00", "not_due": "40.00"}
    else:
        assert aged["patient"] == {"days_1_30": "10.00"}
        assert aged["insurer"] == {"days_1_30": "40.00", "not_due": "50.00"}


async def test_what_is_undecided_is_the_insurers_who_left_it_so(clinic: Any) -> None:
    """INS-4, PAY-16: as the invoice, the statement and mails have it; taken back, it is as undecided as before."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"), primary_payer={"id": str(insurer.id), "name": insurer.name})
    line = insurer.line(made["lines"][0], "60.00", CO="20.00", PR="10.00", OA="10.00")
    await clinic.harness.deliver(insurer.decides(made, [line], clinic_id=clinic.id))
    found = {item["debtor"]: item["total"]["amount"] for item in (await report(clinic, "ageing"))["items"]}
    assert found == {"patient": "10.00", "insurer": "70.00"}
    back = insurer.line(made["lines"][0], "60.00", negative=True, CO="20.00", PR="10.00", OA="10.00")
    await clinic.harness.deliver(insurer.decides(made, [back], clinic_id=clinic.id))
    found = {item["debtor"]: item["total"]["amount"] for item in (await report(clinic, "ageing"))["items"]}
    parts = (await clinic.read(made["id"]))["parts"]
    assert found == {"insurer": parts["insurers"]["amount"]} == {"insurer": "100.00"}


@pytest.mark.rule("INS-1.4")
async def test_of_the_secondary_no_more_is_expected_than_the_primary_left(clinic: Any) -> None:
    """INS-1, INS-4, PAY-16: an estimate stands until its payer decides, as far as those before it left room."""
    first, second = Insurer(), Insurer("Guard", "secondary")
    estimates = [first.estimate("52.00", "20.00", "30.00"), second.estimate("30.00")]
    made = await clinic.invoice(clinic.custom("102.00", estimates=estimates), clinic.custom("50.00"))
    line = first.line(made["lines"][0], "72.00", CO="20.00", PR="10.00")
    await clinic.harness.deliver(first.decides(made, [line], clinic_id=clinic.id))
    found = {item["name"]: item["total"]["amount"] for item in (await report(clinic, "ageing"))["items"]}
    assert found == {None: "50.00", "Delta": "72.00", "Guard": "10.00"}


def collected(found: dict[str, Any]) -> dict[tuple[str | None, str | None], str]:
    return {(item["provider_name"], item["code"]): item["collected"]["amount"] for item in found["items"]}


def typed(clinic: Any, code: str, amount: str, provider: UUID, name: str) -> dict[str, Any]:
    who = {"provider_id": str(provider), "provider_name": name}
    return clinic.custom(amount) | {"kind": "extra_procedure", "code_system": "CDT", "code": code} | who


@pytest.mark.rule("PAY-16.3", "PAY-16.5")
async def test_what_was_collected_is_divided_over_providers_and_procedures(clinic: Any, later: Any) -> None:
    """PAY-16: to the cent, by what each line asks for; what is cancelled leaves where it had gone."""
    ana, ben = new_id(), new_id()
    made = await clinic.invoice(
        typed(clinic, "D1", "100.00", ana, "Ana"),
        typed(clinic, "D2", "50.00", ana, "Ana"),
        typed(clinic, "D1", "50.00", ben, "Ben"),
        clinic.custom("0.01"),
    )
    payment = await clinic.settle(made, "100.00")
    found = await report(clinic, "collections")
    assert collected(found) == {("Ana", "D1"): "50.00", ("Ana", "D2"): "25.00", ("Ben", "D1"): "25.00"}
    assert {provider["provider_name"]: provider["collected"]["amount"] for provider in found["providers"]} == {
        "Ana": "75.00",
        "Ben": "25.00",
    }
    later(2)
    back = {"of_payment": payment.settlements[0].payment_id, "occurred_at": clinic.harness.clock.now()}
    await clinic.settle(made, "-100.00", PaymentCancelled, **back)
    await clinic.settle(made, "200.01", occurred_at=clinic.harness.clock.now())
    two = await report(clinic, "collections", from_="2026-11-24")
    assert (two["total"], (await report(clinic, "collections", to="2026-11-24"))["total"]) == (
        clinic.usd("100.01"),
        clinic.usd("100.00"),
    )
    whole = {("Ana", "D1"): "100.00", ("Ana", "D2"): "50.00", ("Ben", "D1"): "50.00", (None, None): "0.01"}
    assert collected(await report(clinic, "collections")) == whole
    rows = await rows_of(clinic, "collections")
    assert {(row["provider_name"] or None, row["code"] or None): row["collected"] for row in rows} == whole


async def test_a_credited_line_collects_nothing_and_a_late_fee_stands_apart(clinic: Any) -> None:
    ana, ben = new_id(), new_id()
    made = await clinic.invoice(typed(clinic, "D1", "60.00", ana, "Ana"), typed(clinic, "D2", "40.00", ben, "Ben"))
    await clinic.post(
        f"/v1/invoices/{made['id']}/credit-notes",
        {"kind": "price_correction", "reason": "not done", "lines": [{"line_id": made["lines"][0]["id"]}]},
    )
    await note(clinic, made, "late_fee", "10.00")
    await clinic.settle(made, "50.00")
    found = await report(clinic, "collections")
    assert collected(found) == {("Ben", "D2"): "40.00", (None, None): "10.00"}
    assert {item["kind"] for item in found["items"]} == {"extra_procedure", "debit_note"}


async def test_a_note_of_a_later_day_moves_nothing_that_was_collected_before(clinic: Any, later: Any) -> None:
    """PAY-16: also where each tax is rounded to nothing, and all was paid at once."""
    known = (await clinic.api.get("/v1/clinic")).json()["tax_categories"]
    await clinic.configure(tax_categories=[*known, {"code": "R", "category": "S", "rate": "21"}])
    lines = [("D1", "0.02", {"tax_category": "S"}), ("D2", "0.02", {"tax_category": "R"}), ("D3", "0.96", {})]
    made = await clinic.invoice(*(typed(clinic, code, amount, new_id(), "Ana") | tax for code, amount, tax in lines))
    assert made["totals"]["total"] == clinic.usd("1.00")
    await clinic.settle(made, "1.00", occurred_at=clinic.harness.clock.now())
    before = collected(await report(clinic, "collections", to=TODAY))
    later(1)
    await note(clinic, made, "courtesy", "0.10")
    assert collected(await report(clinic, "collections", to=TODAY)) == before


@pytest.mark.rule("PAY-16.4", "PAY-16.5")
async def test_what_was_given_up_is_told_by_kind_and_reason(clinic: Any, later: Any) -> None:
    """PAY-16: undoing and voiding count against the note, each on its own day."""
    first, other, wrong = [await clinic.invoice(clinic.custom("100.00")) for _ in range(3)]
    lost = await note(clinic, first, "write_off", "30.00", reason="moved away")
    await note(clinic, other, "courtesy", "10.00", reason="=SUM(A1)")
    await note(clinic, wrong, "courtesy", "5.00", reason="long wait")
    await note(clinic, other, "late_fee", "4.00")
    later(1)
    await clinic.post(f"/v1/credit-notes/{lost['id']}/undo", {"reason": "he is back"})
    await clinic.post(f"/v1/invoices/{wrong['id']}/void", {"reason": "wrong patient"}, 200)
    first_day = await report(clinic, "write-offs", to="2026-11-23")
    assert first_day["total"] == clinic.usd("45.00")
    found = await report(clinic, "write-offs")
    told = {
        (item["kind"], item["reason"]): (
            item["given_up"]["amount"],
            item["taken_back"]["amount"],
            item["total"]["amount"],
        )
        for item in found["items"]
    }
    assert told == {
        ("write_off", "moved away"): ("30.00", "30.00", "0.00"),
        ("courtesy", "=SUM(A1)"): ("10.00", "0.00", "10.00"),
        ("courtesy", "long wait"): ("5.00", "5.00", "0.00"),
    }
    assert {kind["kind"]: kind["total"]["amount"] for kind in found["kinds"]} == {
        "courtesy": "10.00",
        "write_off": "0.00",
    }
    assert "'=SUM(A1)" in {one["reason"] for one in await rows_of(clinic, "write-offs")}


@pytest.mark.parametrize("name", ["ageing", "collections", "write-offs"])
async def test_reports_are_paged_and_their_sums_are_of_all_pages(clinic: Any, name: str) -> None:
    """ALL-3."""
    made = [await clinic.invoice(typed(clinic, f"D{n}", "9.00", new_id(), f"P{n}")) for n in range(5)]
    for n, invoice in enumerate(made):
        await clinic.settle(invoice, "1.00")
        await note(clinic, invoice, "courtesy", "1.00", reason=f"because {n}")
    for _ in range(5):
        await clinic.invoice(clinic.custom("2.00"), patient_id=str(new_id()))
    whole = await report(clinic, name, limit=200)
    seen, cursor = [], None
    while True:
        page = await report(clinic, name, limit=2, **({"cursor": cursor} if cursor else {}))
        assert page["total"] == whole["total"]
        seen += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert seen == whole["items"]
    assert len(seen) >= 5


@pytest.mark.parametrize("name", ["tax", "collections", "write-offs"])
async def test_a_period_that_ends_before_it_begins_is_refused(clinic: Any, name: str) -> None:
    refused = await report(clinic, name, 422, **{"from": "2026-11-24", "to": "2026-11-23"})
    assert refused["errors"][0]["field"] == "to"


@pytest.mark.parametrize("name", ["tax", "ageing", "collections", "write-offs"])
async def test_another_clinics_documents_are_in_no_report(harness: Any, clinic: Any, name: str) -> None:
    """ALL-4; and a clinic without settings has no currency to report in."""
    made = await clinic.invoice(clinic.custom("10.00"))
    await clinic.settle(made, "1.00")
    await note(clinic, made, "courtesy", "2.00")
    async with harness.client(clinic_id=new_id()) as other:
        assert (await other.get(f"/v1/reports/{name}")).status_code == 409
        await type(clinic)(harness, other, new_id()).configure()
        assert (await other.get(f"/v1/reports/{name}")).json()["items"] == []
