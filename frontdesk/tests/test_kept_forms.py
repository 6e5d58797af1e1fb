"""Every form of every page, refused: what was typed is in it still, under its key, and the refusal stands at its field.

The table names every address that a form can be sent to, so that none is added without being here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.routing import APIRoute
from forms_on_pages import Field, Filled, forms_of
from frontdesk.app import PAGES
from told_pages import INVOICE, INVOICE_ID, OTHER, PATIENT, PAYMENT_ID, SAVED, WHOLE
from told_services import EVERYTHING, Office

UNSAID = ("outstanding", "settled", "debited", "credited", "installment_plan_id", "insurance", "overdue")
OPENED_DRAFT: dict[str, Any] = (
    SAVED
    | {name: INVOICE[name] for name in UNSAID}
    | {
        "id": PATIENT,
        "confirmation": "seen",
        "issue_problem": None,
        "notes": [],
        "issue_date": None,
        "totals": SAVED["totals"] | {"taxes": []},
        "lines": [line | {"discount_amount": None, "net": line["unit_price"]} for line in SAVED["lines"]],
    }
)
EVERYBODY = f"{EVERYTHING} payments:approve invoices:approve notifications:write"
FORM = {"content-type": "application/x-www-form-urlencoded", "origin": "http://desk.test"}
OF_PATIENT, OF_INVOICE = f"/patients/{PATIENT}", f"/invoices/{PATIENT}"
CREDIT, PAYMENT, PLAN, LIST = (
    f"{OF_PATIENT}/credit",
    f"/payments/{PAYMENT_ID}",
    f"{OF_INVOICE}/plan",
    f"/settings/prices/lists/{PATIENT}",
)
WEBHOOKS, DOCUMENTS = "/settings/webhooks", "/settings/documents"
TEMPLATE, TEXTS = f"{DOCUMENTS}/templates/receipt", f"{DOCUMENTS}/texts/en"
LEVEL = "/settings/notifications/invoice_overdue/en/levels/2"
INSTALLMENT = f"{PLAN}/installments/{PATIENT}"
FORMS: dict[tuple[str, str], tuple[str, str]] = {
    (CREDIT, f"{CREDIT}/use"): ("amount.amount", "amount"),
    (CREDIT, f"{CREDIT}/pay-out"): ("reason", "reason"),
    (CREDIT, f"{CREDIT}/transfer"): ("amount", "amount"),
    ("/day", f"/requests/refund/{PATIENT}/approval"): ("", ""),
    ("/day", f"/requests/refund/{PATIENT}/rejection"): ("reason", "reason"),
    ("/day", f"/requests/credit/{PATIENT}/withdrawal"): ("reason", "reason"),
    ("/day", f"/reviews/{PATIENT}"): ("reason", "reason"),
    ("/day", f"/parked/{PATIENT}/retry"): ("", ""),
    ("/day", f"/parked/{PATIENT}/dismiss"): ("reason", "reason"),
    ("/day", f"/proposals/{PATIENT}/debit-note"): ("reason", "reason"),
    ("/day", f"/proposals/{PATIENT}/dismissal"): ("reason", "reason"),
    ("/day", f"/messages/{PATIENT}/resend"): ("", ""),
    (OF_INVOICE, f"{OF_INVOICE}/void"): ("reason", "reason"),
    (OF_INVOICE, f"{OF_INVOICE}/credit"): ("amount.amount", "amount"),
    (OF_INVOICE, f"{OF_INVOICE}/debit"): ("tax_category", "tax_category"),
    (OF_INVOICE, f"{OF_INVOICE}/notes/credit/{PATIENT}/undo"): ("reason", "reason"),
    (OF_INVOICE, f"{OF_INVOICE}/apply-credit"): ("", ""),
    ("draft", f"{OF_INVOICE}/issue"): ("", ""),
    ("draft", f"{OF_INVOICE}/delete"): ("", ""),
    ("draft", f"{OF_INVOICE}/edit"): ("lines[1].unit_price.amount", "price"),
    (f"{OF_PATIENT}/invoices/new", f"{OF_PATIENT}/invoices/new"): ("discounts[0].percent", "discount"),
    (f"{OF_PATIENT}/payments/new", f"{OF_PATIENT}/payments/new"): ("allocations[0].amount", f"part.{INVOICE_ID}"),
    (PAYMENT, f"{PAYMENT}/mail"): ("", ""),
    (PAYMENT, f"{PAYMENT}/labels"): ("group_id", "group"),
    (PAYMENT, f"{PAYMENT}/move"): ("amount.amount", "amount"),
    (PAYMENT, f"{PAYMENT}/chargeback"): ("external_reference", "reference"),
    (PAYMENT, f"{OF_PATIENT}/refund"): ("amount", f"amount.{PATIENT}"),
    (PAYMENT, f"{OF_PATIENT}/cancel"): ("reason", "reason"),
    (PLAN, PLAN): ("down_payment.due_date", "down_payment_date"),
    (PLAN, f"{PLAN}/cancel"): ("reason", "reason"),
    (PLAN, f"{INSTALLMENT}/move"): ("due_date", "due_date"),
    (PLAN, f"{INSTALLMENT}/cancel"): ("reason", "reason"),
    (f"{OF_PATIENT}/messages", f"{OF_PATIENT}/suppressed-addresses/{PATIENT}/lift"): ("reason", "reason"),
    ("/settings/groups", "/settings/groups"): ("name", "name"),
    ("/settings/groups", "/settings/groups/order"): ("", ""),
    ("/settings/groups", f"/settings/groups/{PATIENT}"): ("name", "name"),
    ("/settings/notifications", "/settings/notifications"): ("quiet_hours.start", "quiet_start"),
    ("/settings/notifications/invoice_overdue/en", "/settings/notifications/invoice_overdue/en"): (
        "notices.invoice_overdue.texts.en.body",
        "body",
    ),
    (LEVEL, LEVEL): ("notices.invoice_overdue.levels[0].sms_texts.en", "sms_texts.en"),
    ("/settings/clinic", "/settings/clinic"): ("number_patterns.invoice", "pattern.invoice"),
    ("/settings/clinic", "/settings/clinic/preview"): ("letterhead.address.city", "address.city"),
    (DOCUMENTS, DOCUMENTS): ("iban", "iban"),
    (DOCUMENTS, f"{DOCUMENTS}/preview"): ("settings.iban", "iban"),
    (TEMPLATE, TEMPLATE): ("templates.receipt", "template"),
    (TEMPLATE, f"{TEMPLATE}/preview"): ("template", "template"),
    (TEXTS, TEXTS): ("texts.en.thanks", "texts.en.thanks"),
    (TEXTS, f"{TEXTS}/preview"): ("texts.en.no_invoices", "texts.en.no_invoices"),
    (WEBHOOKS, WEBHOOKS): ("url", "url"),
    (f"{WEBHOOKS}/{PATIENT}", f"{WEBHOOKS}/{PATIENT}"): ("description", "description"),
    (f"{WEBHOOKS}/{PATIENT}", f"{WEBHOOKS}/{PATIENT}/secret"): ("reason", "reason"),
    (f"{WEBHOOKS}/{PATIENT}", f"{WEBHOOKS}/{PATIENT}/removal"): ("reason", "reason"),
    ("/settings/prices", "/settings/prices"): ("products[0].sku", "sku"),
    ("/settings/prices", "/settings/prices/lists"): ("membership", "membership"),
    (LIST, LIST): ("name", "name"),
    (LIST, f"{LIST}/entries"): ("entries[0].unit_price.amount", "price"),
    ("/settings/taxes", "/settings/taxes"): ("tax_categories[0].rates[0].valid_from", "valid_from"),
}
"""By page and address: a field as its service names it, and the control that it is said at."""
NOTHING_TO_KEEP = {
    "/patients",
    "/patients/{patient_id}/print",
    "/patients/{patient_id}/credit/recipients",
    "/patients/{patient_id}/invoices/preview",
    "/invoices/{invoice_id}/plan/preview",
    "/settings/notifications/{notice}/{language}/preview",
    "/settings/notifications/{notice}/{language}/levels/{level}/preview",
    "/sign-out",
    "/language",
}
"""What changes nothing that a service could refuse."""
SAID = "is not as it should be"
OF_KIND = {
    "number": "7",
    "date": "2027-03-04",
    "time": "21:30",
    "datetime-local": "2026-11-02T09:15",
    "email": "a@b.example",
}


@pytest.fixture
def told(desk: Office) -> Office:
    """Everything is shown, and every change refused."""
    desk.sign_in(EVERYBODY)
    desk.answers |= WHOLE
    found = desk.answer

    def answer(request: httpx.Request) -> httpx.Response:
        if "/v1/day-sheets/" in request.url.path:
            return httpx.Response(
                200 if request.url.path.endswith("/transactions") else 409, json={"items": [], "next": None}
            )
        if "idempotency-key" in request.headers or request.url.path == "/v1/document-previews":
            desk.asked.append(request)
            return desk.answers.get("refusal") or httpx.Response(422, json={"title": "Refused"})
        return found(request)

    desk.answer = answer  # type: ignore[method-assign]
    return desk


def test_no_form_is_forgotten() -> None:
    routes = [
        route
        for page in PAGES
        for route in page.router.routes
        if isinstance(route, APIRoute) and "POST" in route.methods
    ]
    named = {route.path: route.path_regex for route in routes}
    known = {path for path, pattern in named.items() if any(pattern.fullmatch(where) for _, where in FORMS)}
    assert set(named) == known | NOTHING_TO_KEEP


def typed_into(form: Filled) -> dict[str, list[str]]:
    """Something else in every control, as a person could have it; what was typed, by the control's name."""
    typed: dict[str, list[str]] = {}
    for place, one in enumerate(form.fields):
        if one.kind == "checkbox":
            one.ticked = not one.name.endswith((".removed", "remove_logo"))
        elif one.kind == "radio":
            one.ticked = all(other.name != one.name for other in form.fields[place + 1 :])
        elif one.writable and one.name:
            one.value = _other(one, place)
            typed.setdefault(one.name, []).append(one.value)
    return typed


def _other(one: Field, place: int) -> str:
    if one.kind == "select":
        return one.options[-1]
    amount = one.amount or one.name.startswith("given_amount")
    return "12.34" if amount else OF_KIND.get(one.kind, f"typed <{place}> & more")


def form_to(page: str, where: str) -> Filled:
    found = [one for one in forms_of(page) if where in one.actions]
    assert found, f"no form is sent to {where}"
    return max(found, key=lambda one: sum(each.writable for each in one.fields))


async def opened(told: Office, page: str, where: str) -> Filled:
    """The form as the page has it; that of a selection as it asks to be confirmed."""
    if page == "draft":
        told.answers["GET invoicing /v1/invoices/ID"] = OPENED_DRAFT
        page = where if where.endswith("/edit") else OF_INVOICE
    if where.endswith("/transfer"):
        return await _with_recipient(told, where)
    if where.endswith(("/refund", "/cancel")) and where.startswith("/patients"):
        asked = await told.send(where, transaction=PATIENT)
        return form_to(asked.text, where)
    answer = await told.get(page)
    assert answer.status_code == 200, answer.text
    return form_to(answer.text, where)


async def _with_recipient(told: Office, where: str) -> Filled:
    """Who gets it was looked for and is chosen, which is a part of the page that came in."""
    son = told.answers["GET invoicing /v1/patients/ID"] | {"patient_id": OTHER, "open_invoices": 0}
    told.answers["POST invoicing /v1/patients/search"] = {"items": [son], "next": None}
    form = form_to((await told.get(CREDIT)).text, where)
    form.fields.append(Field("recipient", "radio", OTHER))
    return form


async def send(told: Office, form: Filled, where: str, **more: str) -> httpx.Response:
    fields = [one for one in form.sent() if one[0] not in more] + list(more.items())
    return await told.browser.post(where, content=urlencode(fields), headers=FORM)


@pytest.mark.parametrize(("page", "where"), list(FORMS), ids=[where for _, where in FORMS])
async def test_what_was_typed_into_a_form_that_is_refused_is_in_it_still(told: Office, page: str, where: str) -> None:
    """ALL-1, ALL-2: under the same key, so that it is never done twice; what the service names is said at its field."""
    form = await opened(told, page, where)
    typed, (key,) = typed_into(form), [one.value for one in form.fields if one.name == "key"]
    ticked = {(one.name, one.value) for one in form.fields if one.ticked}
    field, control = FORMS[page, where]
    problem: dict[str, Any] = {
        "title": "Refused",
        "detail": "The service says no",
        "errors": [{"field": field, "detail": SAID}],
    }
    told.answers["refusal"] = httpx.Response(422, json=problem)
    answer = await send(told, form, where)
    assert answer.status_code in (409, 422), answer.text
    assert "The service says no" in answer.text
    again = form_to(answer.text, where)
    now: dict[str, list[str]] = {}
    for one in again.fields:
        if one.writable and one.name:
            now.setdefault(one.name, []).append(one.value)
    assert {name: now.get(name) for name in typed} == typed
    assert {(one.name, one.value) for one in again.fields if one.ticked} == ticked
    assert [one.value for one in again.fields if one.name == "key"] == [key]
    if control:
        said = [one.name for one in again.fields if one.beside == SAID]
        assert [name.endswith(control) for name in said] == [True]
        assert not again.closed, "it is seen"
        assert answer.text.count(SAID) == 1


@pytest.mark.parametrize(("page", "where"), list(FORMS), ids=[where for _, where in FORMS])
async def test_what_was_typed_while_a_service_was_away_is_sent_again_with_a_click(
    told: Office, page: str, where: str
) -> None:
    """ALL-7: where not even the page can be shown, all that was sent stands in it, the key too."""
    form = await opened(told, page, where)
    typed_into(form)
    sent = [one for one in form.sent() if one[0] not in ("form_token", "version")]
    found = told.answer
    told.answer = lambda request: httpx.Response(503) if "/v1/clinic" not in request.url.path else found(request)  # type: ignore[method-assign]
    answer = await send(told, form, where)
    assert answer.status_code in (409, 422, 503)
    again = form_to(answer.text, where)
    assert set(sent) <= set(again.sent())


@pytest.mark.parametrize("refused", [False, True])
async def test_what_was_typed_as_a_session_ended_is_sent_again_after_signing_in(told: Office, refused: bool) -> None:
    """ALL-5: by whoever signs in then, with their rights. A page that asks for a part of itself meanwhile stays."""
    form = await opened(told, OF_INVOICE, f"{OF_INVOICE}/credit")
    typed_into(form)
    found = told.answer
    if refused:
        told.answer = lambda _: httpx.Response(401, json={})  # type: ignore[method-assign]
    else:
        told.browser.cookies.clear()
    asking: dict[str, Any] = {"headers": FORM | {"HX-Request": "true"}}
    line = [*form.sent(), ("row", "a"), ("a.description", "Night guard"), ("a.price", "5")]
    for part in (
        await told.browser.post(f"{OF_PATIENT}/invoices/preview", content=urlencode(line), **asking),
        await told.browser.get("/invoice-rows/product", **asking),
    ):
        assert ("Your session has ended." in part.text, "<html" in part.text) == (True, False)
        assert "hx-redirect" not in part.headers
    ended = await send(told, form, f"{OF_INVOICE}/credit")
    assert "Your session has ended." in ended.text
    told.answer = found  # type: ignore[method-assign]
    told.browser.cookies.clear()
    told.sign_in(EVERYBODY, form_token="of the next session")
    again = form_to(ended.text, f"{OF_INVOICE}/credit")
    part = await told.browser.post(f"{OF_PATIENT}/invoices/preview", content=urlencode(again.sent()), **asking)
    assert ("This page is older than your session." in part.text, "<html" in part.text) == (True, False)
    older = await send(told, again, f"{OF_INVOICE}/credit")
    assert (older.status_code, "This page is older than your session." in older.text) == (403, True)
    assert told.changes() == []
    told.answers["refusal"] = httpx.Response(201, json={})
    done = await send(told, form_to(older.text, f"{OF_INVOICE}/credit"), f"{OF_INVOICE}/credit")
    assert done.status_code == 303
    assert len(told.changes()) == 1


@pytest.mark.parametrize("ended", [False, True])
async def test_a_form_begun_in_one_clinic_is_not_sent_in_another(told: Office, ended: bool) -> None:
    """ALL-4, MON-2: not with a click either, nor after a session that ended; whose it is and what was typed is said."""
    where = f"{OF_PATIENT}/payments/new"
    form = await opened(told, where, where)
    sent = [one for one in form.sent() if one[0] not in ("amount", "note")]
    sent += [("amount", "50.01"), ("note", "by the window")]
    if ended:
        told.browser.cookies.clear()
        sent = form_to((await told.browser.post(where, content=urlencode(sent), headers=FORM)).text, where).sent()
    told.browser.cookies.clear()
    told.sign_in(EVERYBODY, form_token="of the next session", clinic_id="another")
    answer = await told.browser.post(where, content=urlencode(sent), headers=FORM)
    assert answer.status_code == 403
    for said in ("This form is of another clinic", "Smile &amp; &lt;b&gt;Sons", "<li>50.01</li>", "by the window"):
        assert said in answer.text
    assert [one for one in forms_of(answer.text) if where in one.actions] == []
    assert told.changes() == []


async def test_what_somebody_changed_meanwhile_stands_beside_what_was_typed(told: Office) -> None:
    """ALL-3: both, field by field; sent again it is meant to be instead."""
    changed = httpx.Response(412, json={"type": "urn:problem:dental-billing:precondition-failed", "title": "Changed"})
    told.answers["refusal"] = changed
    clinic = told.answers["GET invoicing /v1/clinic"]
    told.answers["GET invoicing /v1/clinic"] = httpx.Response(200, json=clinic, headers={"etag": '"1"'})
    form = await opened(told, "/settings/clinic", "/settings/clinic")
    told.answers["GET invoicing /v1/clinic"] = httpx.Response(
        200, json=clinic | {"name": "Harbor <Dental>"}, headers={"etag": '"2"'}
    )
    answer = await send(told, form, "/settings/clinic", name="Hill Dental", reason="a new sign")
    assert answer.status_code == 409
    assert '<small class="now">As it is now: Harbor &lt;Dental&gt;</small>' in answer.text
    again = dict(form_to(answer.text, "/settings/clinic").sent())
    assert (again["name"], again["version"], again["reason"]) == ("Hill Dental", '"2"', "a new sign")


async def test_words_typed_into_a_form_that_is_gone_are_shown(told: Office) -> None:
    """Somebody else decided meanwhile: there is no form any more."""
    where = f"/requests/refund/{PATIENT}/rejection"
    form = await opened(told, "/day", where)
    told.answers["GET payments /v1/refund-requests"] = {"items": [], "next": None}
    told.answers["refusal"] = httpx.Response(409, json={"title": "It is decided"})
    answer = await send(told, form, where, reason="not as we agreed")
    assert "It is decided" in answer.text
    assert "<li>not as we agreed</li>" in answer.text
