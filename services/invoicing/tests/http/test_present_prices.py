"""Rates with a first day, and drafts that hold what was typed, not what was computed (`MON-8`, `MON-9`)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceIssued

EXEMPT = {"code": "E", "category": "E", "rate": "0", "exemption_reason": "Dental care"}
PROPHYLAXIS = {"kind": "extra_procedure", "code_system": "CDT", "code": "D1110"}
TODAY = date(2026, 11, 23)


def taxes(rate: str, *dated: tuple[date, str]) -> list[dict[str, Any]]:
    rates = [{"valid_from": day.isoformat(), "rate": each} for day, each in dated]
    return [EXEMPT, {"code": "S", "category": "S", "rate": rate, "rates": rates}]


def prices(clinic: Any, amount: str) -> list[dict[str, Any]]:
    return [{"code_system": "CDT", "code": "D1110", "description": "Prophylaxis", "unit_price": clinic.usd(amount)}]


async def issue(clinic: Any, draft: dict[str, Any], status: int = 200, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = await clinic.post(f"/v1/invoices/{draft['id']}/issue", body or None, status)
    return found


@pytest.mark.rule("MON-9.1", "MON-9.2")
async def test_preview_draft_and_issue_never_disagree(clinic: Any) -> None:
    """A draft at 19 %, and then the rate is 16 (W9, MON-9)."""
    await clinic.configure(tax_categories=taxes("19"))
    line = clinic.custom("100.00", tax_category="S")
    draft = await clinic.invoice(line, issue=False)
    assert draft["totals"]["total"] == clinic.usd("119.00")
    await clinic.configure(tax_categories=taxes("16"))
    preview = await clinic.post("/v1/invoices/preview", {"invoice_id": draft["id"], "lines": [line]}, 200)
    (listed,) = await clinic.listed()
    read = await clinic.read(draft["id"])
    story = (await clinic.api.get(f"/v1/invoices/{draft['id']}/story")).json()
    shown = [preview["totals"], listed["totals"], read["totals"], story["invoice"]["totals"]]
    assert [one["total"]["amount"] for one in shown] == ["116.00"] * 4
    refused = await issue(clinic, draft, 409)
    assert refused["type"].endswith("prices-changed")
    assert (refused["seen"]["tax"], refused["totals"]["tax"]) == (clinic.usd("19.00"), clinic.usd("16.00"))
    assert (refused["seen"]["total"], refused["totals"]["total"]) == (clinic.usd("119.00"), clinic.usd("116.00"))
    stale = await issue(clinic, draft, 409, confirmed_total=clinic.usd("119.00"))
    assert stale["type"].endswith("prices-changed")
    issued = await issue(clinic, draft, confirmed_total=clinic.usd("116.00"))
    assert (issued["totals"]["total"], issued["lines"][0]["tax_rate"]) == (clinic.usd("116.00"), "16")
    (event,) = await clinic.announced(InvoiceIssued)
    assert (event.totals.tax.amount, event.lines[0].tax_rate) == ("16.00", "16")


async def test_where_prices_include_tax_another_rate_is_told_by_the_tax(clinic: Any) -> None:
    """MON-9: "was seen with 119.00 and comes to 119.00" tells nobody what has changed."""
    await clinic.configure(tax_categories=taxes("19"), prices_include_tax=True)
    draft = await clinic.invoice(clinic.custom("119.00", tax_category="S"), issue=False)
    await clinic.configure(tax_categories=taxes("16"), prices_include_tax=True)
    refused = await issue(clinic, draft, 409)
    assert (
        "comes to 119.00 USD as before, the tax in it was seen as 19.00 USD and is 16.41 USD now" in refused["detail"]
    )


async def test_a_draft_whose_list_price_changed_is_issued_only_at_the_confirmed_one(clinic: Any) -> None:
    draft = await clinic.invoice(PROPHYLAXIS, issue=False)
    await clinic.configure(price_list=prices(clinic, "99.00"))
    assert (await clinic.read(draft["id"]))["totals"]["total"] == clinic.usd("99.00")
    refused = await issue(clinic, draft, 409)
    assert (refused["seen"]["total"], refused["totals"]["total"]) == (clinic.usd("95.00"), clinic.usd("99.00"))
    assert (await issue(clinic, draft, confirmed_total=clinic.usd("99.00")))["totals"]["total"] == clinic.usd("99.00")


async def test_a_tax_that_changed_within_the_same_total_is_not_issued_by_that_total(clinic: Any) -> None:
    """MON-9: with prices that include tax, a client that always names the total it shows would confirm blindly."""
    await clinic.configure(tax_categories=taxes("19"), prices_include_tax=True)
    draft = await clinic.invoice(clinic.custom("119.00", tax_category="S"), issue=False)
    await clinic.configure(tax_categories=taxes("16"), prices_include_tax=True)
    refused = await issue(clinic, draft, 409)
    assert (refused["seen"]["total"], refused["totals"]["total"]) == (clinic.usd("119.00"),) * 2
    assert (refused["seen"]["tax"], refused["totals"]["tax"]) == (clinic.usd("19.00"), clinic.usd("16.41"))
    assert [tax["rate"] for tax in refused["totals"]["taxes"]] == ["16"]
    for said in ({"confirmed_total": clinic.usd("119.00")}, {"confirmation": draft["confirmation"]}):
        assert (await issue(clinic, draft, 409, **said))["confirmation"] == refused["confirmation"]
    issued = await issue(clinic, draft, confirmation=refused["confirmation"])
    assert (issued["totals"]["tax"], issued["confirmation"]) == (clinic.usd("16.41"), None)


@pytest.mark.rule("MON-9.2")
async def test_one_word_stands_for_all_that_is_seen_of_a_draft_in_its_preview_reading_and_refusal(clinic: Any) -> None:
    """MON-9: what was previewed is what is issued, and a word of before is none of now."""
    line = PROPHYLAXIS | {"discount": {"percent": "10", "reason": "family"}}
    draft = await clinic.invoice(line, issue=False)
    await clinic.configure(price_list=prices(clinic, "99.00"))
    preview = await clinic.post("/v1/invoices/preview", {"invoice_id": draft["id"], "lines": [line]}, 200)
    (listed,) = await clinic.listed()
    read, refused = await clinic.read(draft["id"]), await issue(clinic, draft, 409)
    assert len({one["confirmation"] for one in (preview, listed, read, refused)}) == 1
    assert draft["confirmation"] != read["confirmation"]
    wrong = {"confirmation": read["confirmation"], "confirmed_total": clinic.usd("95.00")}
    assert (await issue(clinic, draft, 409, **wrong))["type"].endswith("prices-changed")
    issued = await issue(clinic, draft, confirmation=preview["confirmation"])
    assert issued["totals"]["total"] == clinic.usd("89.10")


@pytest.mark.rule("MON-9.3")
@pytest.mark.parametrize("member", ["exemption_reason", "category", "code"])
async def test_a_reason_of_exemption_or_a_category_that_changed_is_confirmed_too(clinic: Any, member: str) -> None:
    """MON-9: the total stays, what is printed does not."""
    listed = prices(clinic, "95.00")
    await clinic.configure(tax_categories=[EXEMPT, EXEMPT | {"code": "X"}], price_list=listed)
    draft = await clinic.invoice(PROPHYLAXIS, issue=False)
    changed = {
        "exemption_reason": [EXEMPT | {"exemption_reason": "Care by paragraph 4"}, EXEMPT | {"code": "X"}],
        "category": [EXEMPT | {"category": "O"}, EXEMPT | {"code": "X"}],
        "code": [EXEMPT, EXEMPT | {"code": "X"}],
    }[member]
    default = {"procedure_tax_category": "X" if member == "code" else "E"}
    await clinic.configure(tax_categories=changed, price_list=listed, **default)
    refused = await issue(clinic, draft, 409, confirmed_total=clinic.usd("95.00"))
    assert "by other prices, tax categories or reasons of exemption than were seen" in refused["detail"]
    issued = await issue(clinic, draft, confirmation=refused["confirmation"])
    assert issued["lines"][0]["tax_code"] == default["procedure_tax_category"]


async def test_what_was_typed_stays_and_is_issued_as_always(clinic: Any) -> None:
    """Also a price typed for a code of the list, and a category that was named."""
    typed = PROPHYLAXIS | {"unit_price": clinic.usd("80.00")}
    draft = await clinic.invoice(typed, clinic.custom("10.00"), issue=False)
    await clinic.configure(price_list=prices(clinic, "99.00"))
    assert (await issue(clinic, draft))["totals"]["total"] == clinic.usd("90.00")


async def test_a_draft_that_was_changed_after_the_prices_is_seen_with_them(clinic: Any) -> None:
    draft = await clinic.invoice(PROPHYLAXIS, issue=False)
    await clinic.configure(price_list=prices(clinic, "99.00"))
    path = f"/v1/invoices/{draft['id']}"
    changed = await clinic.api.put(path, json={"lines": [PROPHYLAXIS]}, headers={"If-Match": '"1"'})
    assert changed.json()["totals"]["total"] == clinic.usd("99.00")
    assert (await issue(clinic, draft))["totals"]["total"] == clinic.usd("99.00")


@pytest.mark.rule("MON-9.4")
async def test_a_draft_that_cannot_be_priced_any_more_says_so_wherever_it_is_read(clinic: Any) -> None:
    """MON-9: an old total never reads as if it stood; what issuing would be refused with is said before."""
    draft = await clinic.invoice(PROPHYLAXIS, clinic.custom("10.00", tax_category="S"), issue=False)
    assert (draft["issue_problem"], len(draft["confirmation"])) == (None, 32)
    for settings, field in (
        ({"price_list": []}, "lines[0].unit_price"),
        ({"tax_categories": [EXEMPT], "price_list": prices(clinic, "95.00")}, "lines[1].tax_category"),
    ):
        await clinic.configure(**settings)
        (listed,) = await clinic.listed()
        read, refused = await clinic.read(draft["id"]), await issue(clinic, draft, 422)
        assert read["totals"] == draft["totals"]
        for shown in (listed, read):
            assert shown["confirmation"] is None
            assert shown["issue_problem"] == {
                "type": refused["type"],
                "title": refused["title"],
                "detail": refused["errors"][0]["detail"],
                "field": field,
            }


async def test_a_draft_says_whatever_else_holds_it(clinic: Any) -> None:
    """MON-9: nothing on it, its list archived, its due date gone, a price that nobody has looked at."""
    empty = await clinic.invoice(issue=False)
    charged = await clinic.invoice(issue=False, charges=[{"amount": clinic.usd("5.00"), "reason": "delivery"}])
    late = await clinic.invoice(clinic.custom("10.00"), issue=False, due_date="2026-11-20")
    for draft, field in ((empty, "lines"), (charged, "lines"), (late, "due_date")):
        assert draft["issue_problem"]["field"] == field
        assert (await clinic.read(draft["id"]))["issue_problem"] == draft["issue_problem"]
    await clinic.harness.deliver(clinic.completed(new_id(), fee=None, code="unknown"))
    (waiting,) = [one for one in await clinic.listed() if one["issue_problem"]["type"].endswith("not-reviewed")]
    reviewed = await clinic.post(f"/v1/invoices/{waiting['id']}/review", {"reason": "free of charge"}, 200)
    assert reviewed["issue_problem"] is None
    assert (await issue(clinic, waiting, confirmation=reviewed["confirmation"]))["number"] is not None


async def test_of_chosen_drafts_each_whose_prices_changed_is_named_and_confirmed(clinic: Any) -> None:
    changed = await clinic.invoice(PROPHYLAXIS, issue=False)
    same = await clinic.invoice(clinic.custom("10.00"), issue=False)
    await clinic.configure(price_list=prices(clinic, "99.00"))
    body: dict[str, Any] = {"invoice_ids": [same["id"], changed["id"]]}
    refused = await clinic.post("/v1/invoices/issue", body, 409)
    (failure,) = refused["failures"]
    assert (failure["invoice_id"], failure["totals"]["total"]) == (changed["id"], clinic.usd("99.00"))
    confirmed = [{"invoice_id": changed["id"], "total": clinic.usd("99.00")}]
    twice = await clinic.post("/v1/invoices/issue", body | {"confirmed": confirmed * 2}, 422)
    assert twice["errors"][0]["field"] == "confirmed[1].invoice_id"
    nothing = [{"invoice_id": changed["id"]}]
    unsaid = await clinic.post("/v1/invoices/issue", body | {"confirmed": nothing}, 422)
    assert unsaid["errors"][0]["field"] == "confirmed[0].confirmation"
    confirmed = [nothing[0] | {"confirmation": failure["confirmation"]}]
    issued = await clinic.post("/v1/invoices/issue", body | {"confirmed": confirmed}, 200)
    assert [item["totals"]["total"]["amount"] for item in issued["items"]] == ["10.00", "99.00"]


async def test_a_visits_draft_that_nobody_saw_is_issued_at_what_holds_when_it_closes(clinic: Any) -> None:
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit, fee=None, code_system="CDT", code="D1110"))
    await clinic.configure(price_list=prices(clinic, "99.00"))
    await clinic.harness.deliver(clinic.closed(visit))
    (issued,) = await clinic.listed()
    assert (issued["status"], issued["totals"]["total"]) == ("issued", clinic.usd("99.00"))
    assert (await clinic.read(issued["id"]))["lines"][0]["unit_price"] == clinic.usd("99.00")


async def test_a_visits_draft_that_a_person_saw_waits_for_a_person_where_its_prices_changed(clinic: Any) -> None:
    visit = new_id()
    procedure = clinic.completed(visit, fee=None, code_system="CDT", code="D1110")
    await clinic.harness.deliver(procedure)
    (draft,) = await clinic.listed()
    body = {"procedure_ids": [str(procedure.procedure_id)], "appointment_id": str(visit)}
    seen = await clinic.api.put(f"/v1/invoices/{draft['id']}", json=body, headers={"If-Match": '"1"'})
    assert seen.status_code == 200, seen.text
    await clinic.configure(price_list=prices(clinic, "99.00"))
    await clinic.harness.deliver(clinic.closed(visit))
    assert (await clinic.read(draft["id"]))["status"] == "draft"
    (review,) = await clinic.listed("/v1/invoice-reviews")
    assert (review["invoice_id"], review["cause"]) == (draft["id"], "prices_changed")
    answer = await clinic.post(f"/v1/invoices/{draft['id']}/review", {"reason": "the new fees"}, 200)
    assert answer["totals"]["total"] == clinic.usd("99.00")
    assert (await issue(clinic, draft))["totals"]["total"] == clinic.usd("99.00")


@pytest.mark.rule("MON-8.1")
@pytest.mark.parametrize(("day", "rate"), [(-1, "19"), (0, "16"), (1, "16"), (2, "7.5"), (None, "16")])
async def test_a_line_takes_the_rate_of_its_day_of_service_else_of_the_issue_date(
    clinic: Any, day: int | None, rate: str
) -> None:
    """MON-8: preview, draft and issue alike."""
    await clinic.configure(tax_categories=taxes("19", (TODAY + timedelta(days=2), "7.5"), (TODAY, "16")))
    line = clinic.custom("100.00", tax_category="S")
    line |= {} if day is None else {"date_of_service": (TODAY + timedelta(days=day)).isoformat()}
    preview = await clinic.post("/v1/invoices/preview", {"lines": [line]}, 200)
    draft = await clinic.invoice(line, issue=False)
    issued = await issue(clinic, draft)
    assert [one["lines"][0]["tax_rate"] for one in (preview, draft, issued)] == [rate] * 3
    assert preview["totals"] == draft["totals"] == issued["totals"]


async def test_rates_are_settings_like_others(clinic: Any) -> None:
    """MON-8: read back in order, refused naming the place."""
    found = await clinic.configure(tax_categories=taxes("19", (TODAY, "16"), (TODAY - timedelta(days=9), "18")))
    assert found["tax_categories"][1]["rates"] == [
        {"valid_from": "2026-11-14", "rate": "18"},
        {"valid_from": "2026-11-23", "rate": "16"},
    ]
    twice = {"tax_categories": taxes("19", (TODAY, "16"), (TODAY, "17"))}
    exempt = {"tax_categories": [EXEMPT | {"rates": [{"valid_from": "2027-01-01", "rate": "5"}]}]}
    for wrong, field in (
        (twice, "tax_categories[1].rates[1].valid_from"),
        (exempt, "tax_categories[0].rates[0].rate"),
    ):
        read = await clinic.api.get("/v1/clinic")
        body = {name: read.json()[name] for name in ("name", "currency", "time_zone", "language")} | wrong
        answer = await clinic.api.put(
            "/v1/clinic", json=body | {"reason": "new rates"}, headers={"If-Match": read.headers["etag"]}
        )
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text


async def test_an_entry_of_the_price_list_has_a_first_day(clinic: Any) -> None:
    """By the day of service; an entry of another day is another price, not the same one twice."""
    (before,) = prices(clinic, "95.00")
    listed = [before, before | {"unit_price": clinic.usd("99.00"), "valid_from": TODAY.isoformat()}]
    found = await clinic.configure(price_list=listed)
    assert [one["valid_from"] for one in found["price_list"]] == [None, TODAY.isoformat()]
    lines = [PROPHYLAXIS | {"date_of_service": day} for day in ("2026-11-22", "2026-11-23")]
    made = await clinic.invoice(*lines, PROPHYLAXIS)
    assert [line["unit_price"]["amount"] for line in made["lines"]] == ["95.00", "99.00", "99.00"]
