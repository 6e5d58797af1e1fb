"""Price lists of their own, products apart from the settings, and estimates that follow from a list (`INV-19`)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceIssued

PROPHYLAXIS = {"kind": "extra_procedure", "code_system": "CDT", "code": "D1110"}
BRUSH = {"kind": "product", "sku": "BRUSH"}


async def made(clinic: Any, status: int = 201, **more: Any) -> dict[str, Any]:
    body = {"name": "Delta Dental", "reason": "the insurer's fees"} | more
    found: dict[str, Any] = await clinic.post("/v1/price-lists", body, status)
    return found


async def set_(clinic: Any, kept: dict[str, Any], *entries: dict[str, Any], status: int = 200) -> dict[str, Any]:
    body = {"entries": list(entries), "reason": "as agreed"}
    version = kept.get("version", 1)
    answer = await clinic.api.post(
        f"/v1/price-lists/{kept['id']}/entries", json=body, headers={"If-Match": f'"{version}"'}
    )
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def entry(clinic: Any, price: str | None, code: str = "D1110", **more: Any) -> dict[str, Any]:
    said = {"code_system": "CDT", "code": code, "description": "Prophylaxis"}
    return said | ({} if price is None else {"unit_price": clinic.usd(price)}) | more


def prices(invoice: dict[str, Any]) -> list[str]:
    return [line["unit_price"]["amount"] for line in invoice["lines"]]


@pytest.mark.rule("INV-19.1")
async def test_a_line_is_priced_by_the_chosen_list_else_the_memberships_the_payers_and_the_default(clinic: Any) -> None:
    payer = str(new_id())
    chosen = await set_(clinic, await made(clinic, name="Staff"), entry(clinic, "10.00"))
    await set_(clinic, await made(clinic, name="Club", membership="Gold"), entry(clinic, "20.00"))
    await set_(clinic, await made(clinic, name="Delta", payer_id=payer), entry(clinic, "30.00"))
    default = await made(clinic, name="Standard", is_default=True)
    await set_(clinic, default, entry(clinic, "40.00", code="D0120"))
    of_payer = {"primary_payer": {"id": payer, "name": "Delta"}}
    for given, price in (
        ({"price_list_id": chosen["id"], "membership": "gold", **of_payer}, "10.00"),
        ({"membership": "gold", **of_payer}, "20.00"),
        (of_payer, "30.00"),
        ({}, "95.00"),
    ):
        preview = await clinic.post("/v1/invoices/preview", {"lines": [PROPHYLAXIS], **given}, 200)
        invoice = await clinic.invoice(PROPHYLAXIS, **given)
        assert (prices(preview), prices(invoice)) == ([price], [price])
    assert prices(await clinic.invoice(PROPHYLAXIS | {"code": "D0120"}, **of_payer)) == ["40.00"]
    assert prices(await clinic.invoice(PROPHYLAXIS | {"unit_price": clinic.usd("1.00")}, **of_payer)) == ["1.00"]


@pytest.mark.rule("INV-19.2")
async def test_an_entry_has_a_first_day(clinic: Any) -> None:
    kept = await made(clinic, is_default=True)
    kept = await set_(
        clinic,
        kept,
        entry(clinic, "50.00"),
        entry(clinic, "60.00", valid_from="2026-11-20"),
        entry(clinic, "70.00", "X"),
    )
    lines = [PROPHYLAXIS | {"date_of_service": day} for day in ("2026-11-19", "2026-11-20")]
    assert prices(await clinic.invoice(*lines, PROPHYLAXIS)) == ["50.00", "60.00", "60.00"]
    kept = await set_(clinic, kept, entry(clinic, None, valid_from="2026-11-20", removed=True))
    assert prices(await clinic.invoice(*lines)) == ["50.00", "50.00"]
    found = await clinic.listed(f"/v1/price-lists/{kept['id']}/entries")
    assert [(one["code"], one["valid_from"], one["unit_price"]["amount"]) for one in found] == [
        ("D1110", None, "50.00"),
        ("X", None, "70.00"),
    ]
    assert [one["code"] for one in await clinic.listed(f"/v1/price-lists/{kept['id']}/entries", code="X")] == ["X"]
    versions = await clinic.listed(f"/v1/price-lists/{kept['id']}/versions")
    assert [(version["version"], version["entries"], version["reason"]) for version in versions] == [
        (3, 1, "as agreed"),
        (2, 3, "as agreed"),
        (1, 0, "the insurer's fees"),
    ]


async def test_thousands_of_entries_are_set_at_once_and_read_in_parts(clinic: Any) -> None:
    kept = await made(clinic, is_default=True)
    entries = [entry(clinic, f"{n}.00", f"C{n:04}") for n in range(5_000)]
    await set_(clinic, kept, *entries)
    path, cursor, codes = f"/v1/price-lists/{kept['id']}/entries", None, []
    while True:
        wanted = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
        page = (await clinic.api.get(path, params=wanted)).json()
        codes += [item["code"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert codes == [one["code"] for one in entries]
    made_of = await clinic.invoice(PROPHYLAXIS | {"code": "C4999"}, PROPHYLAXIS | {"code": "C0000"})
    assert prices(made_of) == ["4999.00", "0.00"]


async def test_lists_that_would_mean_the_same_patients_are_refused_naming_the_field(clinic: Any) -> None:
    payer = str(new_id())
    first = await made(clinic, name="A", payer_id=payer)
    await made(clinic, name="B", membership="Gold")
    await made(clinic, name="C", is_default=True)
    for given, field in (
        ({"name": "a"}, "name"),
        ({"name": "D", "payer_id": payer}, "payer_id"),
        ({"name": "D", "membership": "GOLD"}, "membership"),
        ({"name": "D", "is_default": True}, "is_default"),
        ({"name": "D", "payer_id": payer, "membership": "Blue"}, "membership"),
    ):
        assert (await made(clinic, 422, **given))["errors"][0]["field"] == field
    path, headers = f"/v1/price-lists/{first['id']}", {"If-Match": '"1"'}
    body = {"name": "A", "payer_id": payer, "archived": True, "reason": "ended"}
    assert (await clinic.api.put(path, json=body)).status_code == 428
    assert (await clinic.api.put(path, json=body, headers={"If-Match": '"7"'})).status_code == 412
    assert (await clinic.api.put(path, json=body, headers=headers)).json()["archived"] is True
    await made(clinic, name="A", payer_id=payer)


async def test_two_who_make_the_same_list_at_once_make_one(clinic: Any) -> None:
    body = {"name": "Delta", "payer_id": str(new_id()), "reason": "as agreed"}
    answers = await asyncio.gather(*(clinic.api.post("/v1/price-lists", json=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422]
    assert len(await clinic.listed("/v1/price-lists")) == 1


async def test_those_who_set_the_first_products_at_once_set_them_all_in_one_list(clinic: Any) -> None:
    brush = {"description": "Toothbrush, soft", "unit_price": clinic.usd("5.00")}
    bodies = [{"products": [brush | {"sku": f"BRUSH-{n}"}], "reason": "the new stock"} for n in range(5)]
    answers = await asyncio.gather(*(clinic.api.post("/v1/products", json=body) for body in bodies))
    assert [answer.status_code for answer in answers] == [200] * 5, [answer.text for answer in answers]
    assert [one["sku"] for one in await clinic.listed("/v1/products")] == [f"BRUSH-{n}" for n in range(5)]
    (kept,) = await clinic.listed("/v1/price-lists")
    assert kept["version"] == 5


async def test_wrong_entries_change_nothing_and_name_their_place(clinic: Any) -> None:
    kept = await made(clinic)
    good = entry(clinic, "1.00")
    for wrong, field in (
        (good, "entries[1].code"),
        (entry(clinic, None, "X"), "entries[1].unit_price"),
        (entry(clinic, "1.00", "X", allowed=clinic.usd("1.00")), "entries[1].covered_percent"),
        (entry(clinic, "1.00", "X", covered_percent="100.01"), "entries[1].covered_percent"),
        (entry(clinic, "1.00", "X", tax_category="NONE"), "entries[1].tax_category"),
        (entry(clinic, "1.00", "X", base_quantity="0"), "entries[1].base_quantity"),
        (entry(clinic, "0.0000001", "X"), "entries[1].unit_price.amount"),
        (entry(clinic, "-0.001", "X"), "entries[1].unit_price"),
        (entry(clinic, None, "X", unit_price={"amount": "1.00", "currency": "EUR"}), "entries[1].unit_price"),
    ):
        refused = await set_(clinic, kept, good, wrong, status=422)
        assert refused["errors"][0]["field"].startswith(field), refused
    assert await clinic.listed(f"/v1/price-lists/{kept['id']}/entries") == []
    assert (await clinic.invoice(PROPHYLAXIS, price_list_id=str(new_id()), status=422))["errors"][0]["field"] == (
        "price_list_id"
    )


async def test_a_draft_whose_list_was_archived_is_read_as_written_and_refused_with_the_reason(clinic: Any) -> None:
    kept = await set_(clinic, await made(clinic), entry(clinic, "50.00"))
    draft = await clinic.invoice(PROPHYLAXIS, price_list_id=kept["id"], issue=False)
    assert (draft["price_list_id"], prices(draft)) == (kept["id"], ["50.00"])
    kept = await set_(clinic, kept, entry(clinic, "55.00"))
    assert prices(await clinic.read(draft["id"])) == ["55.00"]
    body = {"name": "Delta Dental", "archived": True, "reason": "ended"}
    answer = await clinic.api.put(f"/v1/price-lists/{kept['id']}", json=body, headers={"If-Match": '"3"'})
    assert answer.status_code == 200, answer.text
    assert prices(await clinic.read(draft["id"])) == ["50.00"]
    refused = await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=422)
    assert refused["errors"][0]["field"] == "price_list_id"


@pytest.mark.rule("INV-19.3")
async def test_products_stand_apart_from_the_settings(clinic: Any) -> None:
    """By SKU, with a price and a tax category; before what the settings' price list says of the SKU."""
    brush = {"sku": "BRUSH", "description": "Toothbrush, soft", "unit_price": clinic.usd("5.00"), "tax_category": "S"}
    body = {"products": [brush, brush | {"sku": "FLOSS"}], "reason": "the new stock"}
    await clinic.post("/v1/products", body, 200)
    assert [one["sku"] for one in await clinic.listed("/v1/products")] == ["BRUSH", "FLOSS"]
    assert await clinic.listed("/v1/products", sku="FLOSS") == [
        brush | {"sku": "FLOSS", "valid_from": None, "base_quantity": "1"}
    ]
    invoice = await clinic.invoice(BRUSH)
    (line,) = invoice["lines"]
    assert (prices(invoice), line["description"], line["tax_code"]) == (["5.00"], "Toothbrush, soft", "S")
    body["products"] = [brush | {"removed": True}]
    await clinic.post("/v1/products", body, 200)
    assert prices(await clinic.invoice(BRUSH)) == ["4.50"]
    settings = (await clinic.api.get("/v1/clinic")).json()
    assert settings["version"] == 1


@pytest.mark.rule("MON-7.1", "MON-7.2")
async def test_a_listed_price_is_as_fine_as_a_lines_and_for_a_base_quantity(clinic: Any) -> None:
    """MON-7: in lists, products and settings, in what is read back, on drafts and issued, in the event."""
    fine = {"unit_price": clinic.usd("0.0088"), "base_quantity": "100"}
    kept = await set_(clinic, await made(clinic, is_default=True), entry(clinic, None, **fine))
    gloves = {"sku": "GLOVE", "description": "Glove", **fine}
    await clinic.post("/v1/products", {"products": [gloves], "reason": "the new stock"}, 200)
    settings = await clinic.configure(price_list=[entry(clinic, None, "D9", **fine)])
    entries, products = (
        await clinic.listed(f"/v1/price-lists/{kept['id']}/entries"),
        await clinic.listed("/v1/products"),
    )
    for one in (
        entries[0],
        products[0],
        settings["price_list"][0],
        (await clinic.api.get("/v1/clinic")).json()["price_list"][0],
    ):
        assert (one["unit_price"], one["base_quantity"]) == (clinic.usd("0.0088"), "100")
    asked = [PROPHYLAXIS, {"kind": "product", "sku": "GLOVE"}, PROPHYLAXIS | {"code": "D9"}]
    lines = [one | {"quantity": "30000"} for one in asked]
    draft = await clinic.invoice(*lines, issue=False)
    issued = await clinic.post(f"/v1/invoices/{draft['id']}/issue", None, 200)
    assert draft["lines"] == issued["lines"]
    assert [(line["base_quantity"], line["net"]["amount"]) for line in issued["lines"]] == [("100", "2.64")] * 3
    (event,) = await clinic.announced(InvoiceIssued)
    assert [(line.price.amount, line.price.base_quantity) for line in event.lines] == [("0.0088", "100")] * 3


async def test_a_drafts_price_is_looked_up_again_with_what_it_is_for(clinic: Any) -> None:
    """MON-9."""
    kept = await set_(clinic, await made(clinic, is_default=True), entry(clinic, "88.00", base_quantity="100"))
    draft = await clinic.invoice(PROPHYLAXIS | {"quantity": "50"}, issue=False)
    assert draft["totals"]["total"] == clinic.usd("44.00")
    await set_(clinic, kept, entry(clinic, "1.755"))
    read = await clinic.read(draft["id"])
    assert (read["lines"][0]["base_quantity"], read["totals"]["total"]) == ("1", clinic.usd("87.75"))
    issued = await clinic.post(f"/v1/invoices/{draft['id']}/issue", {"confirmation": read["confirmation"]}, 200)
    assert (issued["lines"][0]["unit_price"], issued["lines"][0]["base_quantity"]) == (clinic.usd("1.755"), "1")
    stored = await clinic.read(draft["id"])
    assert stored["lines"] == issued["lines"]
    await clinic.prove()


async def test_a_base_quantity_belongs_to_a_price(clinic: Any) -> None:
    """MON-7: a list's price is for what the list says; another quantity is typed with its price."""
    await set_(clinic, await made(clinic, is_default=True), entry(clinic, "88.00", base_quantity="100"))
    refused = await clinic.invoice(PROPHYLAXIS | {"base_quantity": "10"}, status=422)
    assert refused["errors"] == [
        {
            "field": "lines[0].base_quantity",
            "detail": "the price list's price is for 100: name a price",
            "sentence": "the price list's price is for {listed}: name a price",
            "values": {"listed": "100"},
        }
    ]
    made_of = await clinic.invoice(PROPHYLAXIS | {"base_quantity": "100", "quantity": "50"})
    assert made_of["totals"]["total"] == clinic.usd("44.00")


async def test_an_allowed_fee_may_be_as_fine_and_a_visit_is_billed_by_it(clinic: Any) -> None:
    """INS-1, MON-7: 1,005.00 for 1,000 is charged, 0.80125 for one allowed, 50 % of it paid."""
    payer = {"id": str(new_id()), "name": "Delta"}
    price = entry(clinic, "1005.00", base_quantity="1000", allowed=clinic.usd("801.25"), covered_percent="50")
    await set_(clinic, await made(clinic, payer_id=payer["id"]), price)
    invoice = await clinic.invoice(PROPHYLAXIS | {"quantity": "100"}, primary_payer=payer, estimate=True)
    (one,) = invoice["lines"][0]["estimates"]
    assert invoice["totals"]["total"] == clinic.usd("100.50")
    assert (one["allowed"], one["expected"], one["write_off"]) == tuple(map(clinic.usd, ("80.13", "40.07", "20.37")))
    visit = new_id()
    fine = entry(clinic, "95.505", "34043003") | {"code_system": "SNOMED-CT"}
    await set_(clinic, await made(clinic, name="Standard", is_default=True), fine)
    await clinic.harness.deliver(clinic.completed(visit, None), clinic.closed(visit))
    billed = [one for one in await clinic.listed() if one["appointment_id"] == str(visit)]
    assert (billed[0]["status"], billed[0]["totals"]["total"]) == ("issued", clinic.usd("95.51"))


async def test_another_clinics_lists_are_nobodys(clinic: Any) -> None:
    kept = await set_(clinic, await made(clinic, is_default=True), entry(clinic, "50.00"))
    async with clinic.harness.client(clinic_id=new_id()) as other:
        assert (await other.get("/v1/price-lists")).json()["items"] == []
        assert (await other.get(f"/v1/price-lists/{kept['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("fee", "allowed", "percent", "expected"),
    [
        ("100.00", "80.00", "80", ("64.00", "20.00", "16.00")),
        ("100.00", "120.00", "50", ("50.00", "0.00", "50.00")),
        ("33.33", "30.01", "33.3333", ("10.00", "3.32", "20.01")),
        ("0.00", "80.00", "80", None),
    ],
)
async def test_an_insured_visit_that_issues_itself_has_its_estimates(
    clinic: Any, fee: str, allowed: str, percent: str, expected: tuple[str, str, str] | None
) -> None:
    """INS-1: charge = expected + written off + patient's part."""
    visit, payer = new_id(), new_id()
    kept = await made(clinic, payer_id=str(payer))
    said = entry(clinic, None, "34043003", allowed=clinic.usd(allowed), covered_percent=percent)
    await set_(clinic, kept, said | {"code_system": "SNOMED-CT"})
    await clinic.harness.deliver(clinic.completed(visit, fee), clinic.completed(visit, "7.00", code="other"))
    await clinic.harness.deliver(clinic.closed(visit, primary_payer_id=payer, primary_payer_name="Delta"))
    (event,) = await clinic.announced(InvoiceIssued)
    first, other = sorted(event.lines, key=lambda line: line.code == "other")
    assert other.estimates == ()
    if expected is None:
        assert first.estimates == ()
        return
    (one,) = first.estimates
    amounts = (one.expected.amount, one.write_off.amount, one.patient_part.amount)
    assert (amounts, one.payer_id, one.payer_sequence) == (expected, payer, "primary")
    assert sum(int(each.replace(".", "")) for each in amounts) == int(fee.replace(".", ""))


async def test_estimates_by_list_are_given_to_whoever_asks_for_them(clinic: Any) -> None:
    payer = {"id": str(new_id()), "name": "Delta"}
    kept = await made(clinic, payer_id=payer["id"])
    await set_(clinic, kept, entry(clinic, None, covered_percent="80"))
    for asked, count in ((False, 0), (True, 1)):
        invoice = await clinic.invoice(PROPHYLAXIS, primary_payer=payer, estimate=asked)
        assert len(invoice["lines"][0]["estimates"]) == count
    (one,) = invoice["lines"][0]["estimates"]
    assert (one["expected"], one["patient_part"]) == (clinic.usd("76.00"), clinic.usd("19.00"))


async def test_an_archived_default_list_is_followed_by_another(clinic: Any) -> None:
    product = {"sku": "BRUSH", "description": "Toothbrush", "unit_price": clinic.usd("5.00")}
    body = {"products": [product], "reason": "the new stock"}
    first = await clinic.post("/v1/products", body, 200)
    archived = {"name": first["name"], "is_default": True, "archived": True, "reason": "ended"}
    answer = await clinic.api.put(f"/v1/price-lists/{first['id']}", json=archived, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert await clinic.listed("/v1/products") == []
    second = await clinic.post("/v1/products", body, 200)
    assert (second["id"] == first["id"], len(await clinic.listed("/v1/products"))) == (False, 1)
    assert prices(await clinic.invoice(BRUSH)) == ["5.00"]


async def delta_prices(clinic: Any, price: str = "80.00") -> Any:
    """A payer whose list alone has a price for what the clinical system tells without a fee."""
    payer = new_id()
    said = entry(clinic, price, "34043003") | {"code_system": "SNOMED-CT"}
    await set_(clinic, await made(clinic, payer_id=str(payer)), said)
    return payer


@pytest.mark.parametrize("closed_first", [False, True])
@pytest.mark.parametrize("auto_issue", [True, False])
async def test_a_procedure_that_only_its_payers_list_has_a_price_for_waits_for_nobody(
    clinic: Any, *, closed_first: bool, auto_issue: bool
) -> None:
    """INV-19, INV-1: whichever is heard first, the visit's end with its payer, or the procedure."""
    await clinic.configure(auto_issue=auto_issue)
    visit, payer = new_id(), await delta_prices(clinic)
    events = [clinic.completed(visit, None), clinic.closed(visit, primary_payer_id=payer, primary_payer_name="Delta")]
    for event in reversed(events) if closed_first else events:
        await clinic.harness.deliver(event)
    assert await clinic.listed("/v1/invoice-reviews") == []
    if auto_issue and closed_first:
        clinic.harness.clock.advance(timedelta(minutes=5))
        await clinic.harness.run_job("issue_late_drafts")
    (found,) = await clinic.listed()
    assert (found["status"], found["totals"]["total"]) == ("issued" if auto_issue else "draft", clinic.usd("80.00"))
    invoice = await clinic.read(found["id"])
    assert invoice["primary_payer"] == {"id": str(payer), "name": "Delta"}
    if not auto_issue:
        issued = await clinic.post(f"/v1/invoices/{found['id']}/issue", status=200)
        assert issued["totals"]["total"] == clinic.usd("80.00")
    await clinic.prove()


@pytest.mark.parametrize("many", [True, False])
async def test_a_price_that_a_list_gets_later_ends_the_review_when_the_total_that_was_seen_is_confirmed(
    clinic: Any, *, many: bool
) -> None:
    """MON-9: nobody issues at a price that nobody has seen."""
    await clinic.configure(auto_issue=False)
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit, None))
    (draft,) = await clinic.listed()
    path = f"/v1/invoices/{draft['id']}/issue"
    assert (await clinic.post(path, status=409))["type"].endswith("price-not-reviewed")
    said = entry(clinic, "30.00", "34043003") | {"code_system": "SNOMED-CT"}
    await set_(clinic, await made(clinic, name="Standard", is_default=True), said)
    assert (await clinic.read(draft["id"]))["totals"]["total"] == clinic.usd("30.00")
    seen = {"confirmed_total": clinic.usd("30.00")}
    if many:
        named = {"invoice_id": draft["id"], "total": seen["confirmed_total"]}
        await clinic.post("/v1/invoices/issue", {"invoice_ids": [draft["id"]], "confirmed": [named]}, 200)
    else:
        await clinic.post(path, seen, 200)
    assert await clinic.listed("/v1/invoice-reviews") == []
    assert (await clinic.read(draft["id"]))["status"] == "issued"
