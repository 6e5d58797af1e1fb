"""A clinic's settings over HTTP (`INV-11`, `ALL-3`)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing.eventually import eventually
from chassis.testing.harness import START
from contracts.clinics import ClinicConfigured
from contracts.payments import Payer, PaymentRecorded
from invoicing.persistence import price_lists
from invoicing_clinic import SETTINGS
from sqlalchemy import text

from contracts import Actor, Amount

PRICED = {
    "code_system": "CDT",
    "code": "D1110",
    "description": "x",
    "unit_price": {"amount": "1.00", "currency": "USD"},
}
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
NOWHERE = {"lines": [], "city": "B", "country": "XX"}
TWICE_S = [{"code": "S", "category": "S", "rate": "19"}, {"code": "S", "category": "S", "rate": "7"}]
RATE = {"valid_from": "2027-01-01", "rate": "119"}


async def test_settings_are_announced_with_their_version(clinic: Any) -> None:
    await clinic.configure(
        name="Elm Street Dental", legal_name="Elm Dental LLC", number_patterns={"receipt": "R{number}"}
    )
    first, second = await clinic.announced(ClinicConfigured)
    assert (first.version, second.version) == (1, 2)
    assert (second.name, second.legal_name, second.receipt_number_pattern) == (
        "Elm Street Dental",
        "Elm Dental LLC",
        "R{number}",
    )


async def test_a_change_names_the_version_that_it_replaces(clinic: Any) -> None:
    body = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en", "reason": "as agreed"}
    assert (await clinic.api.put("/v1/clinic", json=body)).status_code == 428
    assert (await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": '"7"'})).status_code == 412
    changed = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')


@pytest.mark.rule("ALL-5.2")
@pytest.mark.parametrize("given", [{}, {"reason": None}, {"reason": ""}, {"reason": " "}])
async def test_a_change_needs_a_reason(clinic: Any, given: dict[str, Any]) -> None:
    """ALL-5; a clinic's first settings replace nothing."""
    body = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en"} | given
    refused = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": '"1"'})
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["reason"])
    assert (await clinic.api.get("/v1/clinic")).headers["etag"] == '"1"'


async def test_versions_say_who_when_and_why_and_what_they_said(harness: Any) -> None:
    """INV-11, ALL-3, ALL-5."""
    url, body = "/v1/clinic/versions", {"currency": "USD", "time_zone": "UTC", "language": "en"}
    async with harness.client(subject="owner:eve") as api:
        assert (await api.get(url)).json() == {"items": [], "next": None}
        assert (await api.put("/v1/clinic", json=body | {"name": "A"})).status_code == 200
        for version, name, reason in (("1", "B", "bought by B"), ("2", "C", "a slip of the pen")):
            changed = body | {"name": name, "reason": reason}
            answer = await api.put("/v1/clinic", json=changed, headers={"If-Match": f'"{version}"'})
            assert answer.status_code == 200, answer.text
        page = (await api.get(url, params={"limit": "2"})).json()
        rest = (await api.get(url, params={"limit": "2", "cursor": page["next"]})).json()
        told = [*page["items"], *rest["items"]]
        assert [(one["version"], one["reason"], one["changed_by"]) for one in told] == [
            (3, "a slip of the pen", "owner:eve"),
            (2, "bought by B", "owner:eve"),
            (1, None, "owner:eve"),
        ]
        assert (rest["next"], all(one["changed_at"] for one in told)) == (None, True)
        assert [(await api.get(f"{url}/{one}")).json()["name"] for one in (1, 2, 3)] == ["A", "B", "C"]
        assert (await api.get(f"{url}/4")).status_code == 404
    async with harness.client() as other:
        assert (await other.get(url)).json()["items"] == []
        assert (await other.get(f"{url}/1")).status_code == 404


async def test_what_is_read_can_be_written_back(clinic: Any) -> None:
    found = await clinic.api.get("/v1/clinic")
    body = {name: value for name, value in found.json().items() if name not in ("clinic_id", "version")}
    body["reason"] = "once more"
    written = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": found.headers["etag"]})
    assert written.status_code == 200, written.text
    assert written.json() | {"version": 1} == found.json()


async def test_the_currency_stays_once_there_are_invoices(clinic: Any) -> None:
    await clinic.invoice(clinic.custom("1.00"))
    found = await clinic.api.get("/v1/clinic")
    body = {"name": "A", "currency": "EUR", "time_zone": "UTC", "language": "en", "reason": "as agreed"}
    refused = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": found.headers["etag"]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "currency")


def deposit_of(clinic: Any) -> PaymentRecorded:
    """50.00 USD that settle nothing."""
    money = Amount(amount="50.00", currency="USD")
    by = Actor(subject="clerk:test")
    return PaymentRecorded(
        clinic_id=clinic.id,
        occurred_at=START,
        transaction_id=new_id(),
        patient_id=clinic.patient_id,
        amount=money,
        payer=Payer(kind="patient"),
        method="cash",
        recorded_at=START,
        received_at=START,
        booked_on=START.date(),
        patient_credit_change=money,
        patient_credit_balance=money,
        by=by,
    )


async def test_the_currency_stays_once_there_is_a_deposit(clinic: Any) -> None:
    """W15: money without an invoice is value, too, as payments announced it (MON-2)."""
    await clinic.harness.deliver(deposit_of(clinic))
    found = await clinic.api.get("/v1/clinic")
    body = {"name": "A", "currency": "JPY", "time_zone": "UTC", "language": "en", "reason": "as agreed"}
    tag = {"If-Match": found.headers["etag"]}
    refused = await clinic.api.put("/v1/clinic", json=body, headers=tag)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "currency-in-use")
    assert (await clinic.api.put("/v1/clinic", json=body | {"currency": "USD"}, headers=tag)).status_code == 200


async def set_currency(clinic: Any, currency: str) -> Any:
    found = await clinic.api.get("/v1/clinic")
    body = SETTINGS | {"currency": currency, "price_list": [], "reason": "as agreed"}
    return await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": found.headers["etag"]})


@pytest.mark.rule("MON-2.2")
async def test_nothing_is_issued_in_another_currency_than_the_clinics_money(clinic: Any) -> None:
    """W15: the currency changed before the deposit was heard of; the clinic goes back to that of its money."""
    assert (await set_currency(clinic, "EUR")).status_code == 200
    lines = [{"kind": "custom", "description": "x", "unit_price": {"amount": "20.00", "currency": "EUR"}}]
    issued, draft = [await clinic.invoice(*lines, issue=issue) for issue in (True, False)]
    await clinic.harness.deliver(deposit_of(clinic))
    body = {"patient_id": str(clinic.patient_id), "lines": lines, "issue": True}
    for refused in (
        await clinic.api.post("/v1/invoices", json=body),
        await clinic.api.post(f"/v1/invoices/{draft['id']}/issue"),
    ):
        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "money-in-other-currency")
        assert "set its currency to USD" in refused.json()["detail"]
    many = await clinic.api.post("/v1/invoices/issue", json={"invoice_ids": [draft["id"]]})
    assert many.json()["failures"][0]["type"].endswith(":money-in-other-currency")
    appointment = new_id()
    fee = Amount(amount="100.00", currency="EUR")
    await clinic.harness.deliver(
        clinic.completed(appointment).model_copy(update={"fee": fee}), clinic.closed(appointment)
    )
    (waiting,) = await clinic.listed(status="draft", appointment_id=str(appointment))
    for one in (draft, waiting):
        assert (await set_currency(clinic, "USD")).json()["type"].endswith(":currency-in-use")
        tag = {"If-Match": f'"{one["version"]}"'}
        assert (await clinic.api.delete(f"/v1/invoices/{one['id']}", headers=tag)).status_code == 204
    assert (await set_currency(clinic, "USD")).json()["type"].endswith(":currency-in-use")
    await clinic.post(f"/v1/invoices/{issued['id']}/void", {"reason": "in the wrong currency"}, 200)
    assert (await set_currency(clinic, "USD")).status_code == 200
    assert (await clinic.invoice(clinic.custom("20.00")))["status"] == "issued"
    assert (await set_currency(clinic, "EUR")).json()["type"].endswith(":currency-in-use")


@pytest.mark.rule("MON-2.3")
async def test_the_currency_stays_while_a_price_list_has_prices_in_it(clinic: Any) -> None:
    """W15: 95.00 dollars never become 9,500 yen, whoever is asked for them, from which day on and whether archived."""
    yen = {"amount": "95", "currency": "JPY"}
    prophylaxis = {"code_system": "CDT", "code": "D1110"}
    price = {"unit_price": clinic.usd("95.00"), "valid_from": "2027-01-01"}
    allowed = {"allowed": clinic.usd("80.00"), "covered_percent": "80"}
    path, why = "/v1/price-lists/{}/entries", {"reason": "as agreed"}

    async def set_(kept: dict[str, Any], said: dict[str, Any], status: int = 200) -> Any:
        body = {"entries": [prophylaxis | said], **why}
        tag = {"If-Match": f'"{kept["version"]}"'}
        answer = await clinic.api.post(path.format(kept["id"]), json=body, headers=tag)
        assert answer.status_code == status, answer.text
        return answer.json()

    club, delta = [await clinic.post("/v1/price-lists", {"name": name, **why}) for name in ("Club", "Delta")]
    club, delta = await set_(club, price), await set_(delta, allowed)
    tag = {"If-Match": f'"{club["version"]}"'}
    url = f"/v1/price-lists/{club['id']}"
    club = (await clinic.api.put(url, json={"name": "Club", "archived": True, **why}, headers=tag)).json()
    brush = {"sku": "BRUSH", "description": "x", "unit_price": clinic.usd("4.50")}
    await clinic.post("/v1/products", {"products": [brush], **why}, 200)
    refused = await set_currency(clinic, "JPY")
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "currency-in-use")
    assert [error["field"] for error in refused.json()["errors"]] == ["currency"]
    assert "USD, 'Club' (CDT D1110), 'Delta' (CDT D1110), 'Standard' (SKU BRUSH)" in refused.json()["detail"]
    assert (await clinic.api.get("/v1/clinic")).json()["currency"] == "USD"
    await clinic.post("/v1/products", {"products": [brush | {"removed": True}], **why}, 200)
    await set_(club, {"valid_from": "2027-01-01", "removed": True})
    assert "USD, 'Delta' (CDT D1110):" in (await set_currency(clinic, "JPY")).json()["detail"]
    delta = await set_(delta, {"covered_percent": "80"})
    assert (await set_currency(clinic, "JPY")).status_code == 200
    assert (await set_(delta, price, 422))["errors"][0]["field"] == "entries[0].unit_price"
    await set_(delta, {"unit_price": yen})
    assert (await set_currency(clinic, "USD")).status_code == 409


@pytest.mark.rule("MON-2.3")
async def test_another_currency_waits_for_prices_that_are_just_being_set(clinic: Any) -> None:
    """W15: they were read in the currency that the clinic had."""
    kept = await clinic.post("/v1/price-lists", {"name": "Delta", "reason": "as agreed"})
    entry = {"code_system": "CDT", "code": "D1110", "unit_price": clinic.usd("95.00")}
    body, path = {"entries": [entry], "reason": "as agreed"}, f"/v1/price-lists/{kept['id']}/entries"
    tasks: list[asyncio.Task[Any]] = []

    async def all_wait_or_are_done() -> bool:
        async with clinic.harness.database.reading([]) as connection:
            waiting = await connection.scalar(text(WAITING))
        return sum(task.done() for task in tasks) + waiting >= len(tasks)

    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        await price_lists.lock_all(work.connection, clinic.id)
        tasks.append(asyncio.create_task(clinic.api.post(path, json=body, headers={"If-Match": '"1"'})))
        await eventually(all_wait_or_are_done)
        tasks.append(asyncio.create_task(set_currency(clinic, "JPY")))
        await eventually(all_wait_or_are_done)
    assert [(await task).status_code for task in tasks] == [200, 409]


@pytest.mark.rule("MON-8.2", "INV-11.1")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "XXX", "credit_limit": "50.00", "cash_rounding": "0.05", "time_zone": "Mars"}, "currency"),
        ({"currency": "XXX", "price_list": [PRICED]}, "currency"),
        ({"currency": "XXX", "address": NOWHERE}, "address.country"),
        ({"time_zone": "Mars/Olympus", "language": "klingon", "cash_rounding": "0.001"}, "time_zone"),
        ({"cash_rounding": "0.001", "tax_categories": TWICE_S}, "cash_rounding"),
        ({"time_zone": "Mars/Olympus", "language": "klingon", "tax_categories": TWICE_S}, "time_zone"),
        ({"language": "klingon", "tax_categories": TWICE_S}, "language"),
        ({"tax_categories": TWICE_S, "number_patterns": {"invoice": "INV"}}, "tax_categories[1].code"),
        ({"number_patterns": {"invoice": "INV"}, "credit_limit": "1.234"}, "number_patterns.invoice"),
        ({"credit_limit": "1.234", "price_list": [PRICED | {"tax_category": "Q"}]}, "credit_limit"),
        ({"language": "klingon"}, "language"),
        ({"language": "pl-PL"}, "language"),
        ({"language": "en-XX"}, "language"),
        ({"language": "de-AT-1996"}, "language"),
        ({"address": NOWHERE}, "address.country"),
        ({"tax_categories": [{"code": "S", "category": "S", "rate": "119"}]}, "tax_categories[0].rate"),
        ({"tax_categories": [{"code": "S", "category": "S", "rate": "50.01"}]}, "tax_categories[0].rate"),
        (
            {"tax_categories": [{"code": "S", "category": "S", "rate": "19", "rates": [RATE]}]},
            "tax_categories[0].rates[0].rate",
        ),
        ({"cash_rounding": "10000.01"}, "cash_rounding"),
        ({"credit_limit": "50.001"}, "credit_limit"),
        ({"number_patterns": {"invoice": "INV"}}, "number_patterns.invoice"),
        ({"cash_rounding": "0.001"}, "cash_rounding"),
        ({"tax_categories": [{"code": "S", "category": "S", "rate": "0"}]}, "tax_categories[0].rate"),
        ({"product_tax_category": "Q"}, "product_tax_category"),
        ({"name": "A\r\nBcc: b"}, "name"),
        ({"address": {"lines": ["1\n2"], "city": "B", "country": "US"}}, "address.lines[0]"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_settings_that_cannot_be_billed_with_are_refused(
    harness: Any, change: dict[str, Any], field: str
) -> None:
    body = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en"} | change
    async with harness.client() as api:
        refused = await api.put("/v1/clinic", json=body)
    assert refused.status_code == 422, refused.text
    named = refused.json()["errors"][0]["field"]
    assert named == field, refused.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"language": "klingon"}, "there are ar, de, en, es and fr"),
        ({"language": "en-XX"}, "XX is no region"),
        ({"tax_categories": [{"code": "S", "category": "S", "rate": "119"}]}, "no rate is above 50 percent"),
        ({"cash_rounding": "20000"}, "what the smallest coin is"),
    ],
)
async def test_a_bound_says_its_reason(harness: Any, change: dict[str, Any], said: str) -> None:
    """INV-11, ALL-2."""
    body = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en"} | change
    async with harness.client() as api:
        refused = (await api.put("/v1/clinic", json=body)).json()
    assert said in refused["errors"][0]["detail"]


@pytest.mark.parametrize("language", ["en", "de-AT", "es-419", "ar-Arab-KW", "fr-ca", "EN-us", "en-001"])
async def test_languages_are_those_that_there_are_words_in(harness: Any, language: str) -> None:
    """INV-11, RCP-4: perhaps of a script or region, in any case of letters (BCP 47)."""
    body = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": language}
    async with harness.client() as api:
        assert (await api.put("/v1/clinic", json=body)).json()["language"] == language


@pytest.mark.rule("MON-8.2")
@pytest.mark.parametrize("rate", ["0.0001", "27", "50"])
async def test_a_rate_that_there_is_is_taken(harness: Any, rate: str) -> None:
    taxes = [{"code": "S", "category": "S", "rate": rate}]
    body = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en", "tax_categories": taxes}
    async with harness.client() as api:
        assert (await api.put("/v1/clinic", json=body)).json()["tax_categories"][0]["rate"] == rate


@pytest.mark.rule("MON-4.2", "INV-11.1")
async def test_gross_prices_are_paid_as_shown(clinic: Any) -> None:
    await clinic.configure(prices_include_tax=True)
    made = await clinic.invoice(clinic.custom("1.03", tax_category="S"))
    assert (made["totals"]["total"], made["totals"]["tax"]) == (clinic.usd("1.03"), clinic.usd("0.19"))
    assert made["rounding"]["id"] == "en16931-gross-half-up"


@pytest.mark.rule("MON-6.1", "MON-6.2")
async def test_cash_rounding_is_a_total_of_its_own(clinic: Any) -> None:
    await clinic.configure(cash_rounding="0.05")
    made = await clinic.invoice(clinic.custom("9.98"))
    assert (made["totals"]["cash_rounding"], made["totals"]["total"]) == (clinic.usd("0.02"), clinic.usd("10.00"))
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "write_off", "reason": "r"})
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("0.00")
    await clinic.prove()


@pytest.mark.rule("MON-1.1", "MON-1.3")
@pytest.mark.parametrize(("currency", "price", "total"), [("JPY", "1200", "1464"), ("KWD", "0.500", "0.610")])
async def test_currencies_have_0_2_or_3_decimals(harness: Any, currency: str, price: str, total: str) -> None:
    """MON-1."""
    taxes = [{"code": "E", "category": "E", "exemption_reason": "care"}, {"code": "S", "category": "S", "rate": "22"}]
    settings = {"name": "A", "currency": currency, "time_zone": "UTC", "language": "en", "tax_categories": taxes}
    line = {"kind": "custom", "description": "x", "unit_price": {"amount": price, "currency": currency}}
    async with harness.client() as api:
        assert (await api.put("/v1/clinic", json=settings)).status_code == 200
        body = {"patient_id": str(new_id()), "lines": [line | {"tax_category": "S"}], "issue": True}
        made = (await api.post("/v1/invoices", json=body)).json()
    assert made["totals"]["total"] == {"amount": total, "currency": currency}


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Pago_Pago", "2026-11-23"), ("Pacific/Kiritimati", "2026-11-24"), ("UTC", "2026-11-23")]
)
async def test_an_invoice_is_dated_by_the_clinics_calendar(clinic: Any, zone: str, day: str) -> None:
    await clinic.configure(time_zone=zone)
    assert (await clinic.invoice(clinic.custom("1.00")))["issue_date"] == day


async def test_nothing_is_dated_before_the_books_close(clinic: Any) -> None:
    await clinic.close_books("2026-11-24")
    refused = await clinic.invoice(clinic.custom("1.00"), status=409)
    assert refused["closed_until"] == "2026-11-24"


async def test_only_days_that_are_over_can_be_closed(clinic: Any) -> None:
    """INV-11: else nothing could be issued until then, while money goes on being booked on closed days."""
    found = await clinic.api.get("/v1/clinic")
    wanted = {name: value for name, value in found.json().items() if name not in ("version", "clinic_id")}
    body = wanted | {"books_closed_until": "2026-11-24", "reason": "year's end"}
    refused = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": found.headers["etag"]})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["books_closed_until"]
    assert "is after today, 2026-11-23" in refused.json()["errors"][0]["detail"]


async def test_for_how_many_years_documents_are_kept_is_the_clinic_s_setting(clinic: Any) -> None:
    """ALL-9: 10 where nothing is said, never less than any law has; every service is told."""
    assert (await clinic.configure())["retention_years"] == 10
    assert (await clinic.configure(retention_years=7))["retention_years"] == 7
    assert [one.retention_years for one in await clinic.announced(ClinicConfigured)][-2:] == [10, 7]
    found = await clinic.api.get("/v1/clinic")
    for years in (5, 31, None, "7"):
        body = SETTINGS | {"retention_years": years, "reason": "as agreed"}
        refused = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": found.headers["etag"]})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "retention_years")


@pytest.mark.rule("NOT-8.8")
async def test_an_email_that_reaches_nobody_is_refused_at_its_field(clinic: Any) -> None:
    """D9: answers to the clinic's mails go there."""
    assert (await clinic.configure(email="desk@smile.example"))["email"] == "desk@smile.example"
    found = await clinic.api.get("/v1/clinic")
    for email in ("jane@gmail", "justaword", "jane@smile.example\x00", ""):
        body = SETTINGS | {"email": email, "reason": "as agreed"}
        refused = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": found.headers["etag"]})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "email")
    assert (await clinic.api.get("/v1/clinic")).json()["email"] == "desk@smile.example"
