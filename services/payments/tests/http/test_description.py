"""The API describes itself, with an example for whoever reads it, and the examples are true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chassis.http import RequestBody, ResponseBody
from payments.app import service
from pydantic import BaseModel

DOCUMENT: dict[str, Any] = service.app().openapi()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    (path, method, operation) for path, item in DOCUMENT["paths"].items() for method, operation in item.items()
]


def named(content: dict[str, Any]) -> set[str]:
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return {reference.rpartition("/")[2]} - {""}


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_of_ours_has_an_example(path: str, method: str, operation: dict[str, Any]) -> None:
    if not path.startswith("/v1/") or method == "delete":
        return
    shown = named(operation.get("requestBody", {}).get("content", {}))
    for status in ("200", "201"):
        shown |= named(operation["responses"].get(status, {}).get("content", {}))
    files = operation["responses"].get("200", {}).get("content", {}).values()
    told = any("example" in file or "examples" in file for file in files)
    assert told or any("examples" in SCHEMAS[name] or name.startswith("Page_") for name in shown), (path, method)


def models(of: type[BaseModel]) -> list[type[BaseModel]]:
    return [one for sub in of.__subclasses__() for one in (sub, *models(sub))]


MODELS = sorted(
    (one for one in {*models(ResponseBody), *models(RequestBody)} if one.__module__.startswith("payments.")),
    key=lambda model: model.__name__,
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_example_is_as_its_model_says(model: type[BaseModel]) -> None:
    extra = model.model_config.get("json_schema_extra") or {}
    assert isinstance(extra, dict)
    examples = extra.get("examples", [])
    assert isinstance(examples, list)
    for example in examples:
        model.model_validate_json(json.dumps(example))


READ, WRITE, REVERSE = "payments:read", "payments:write", "payments:reverse"
SCOPES = {
    ("get", "/v1/payments"): READ,
    ("post", "/v1/payments"): WRITE,
    ("post", "/v1/remittances"): WRITE,
    ("get", "/v1/payments/{payment_id}"): READ,
    ("patch", "/v1/payments/{payment_id}"): WRITE,
    ("post", "/v1/payments/{payment_id}/moves"): REVERSE,
    ("post", "/v1/payments/{payment_id}/refunds"): REVERSE,
    ("post", "/v1/payments/{payment_id}/cancellation"): REVERSE,
    ("post", "/v1/payments/{payment_id}/chargeback"): REVERSE,
    ("post", "/v1/refunds/{refund_id}/cancellation"): REVERSE,
    ("get", "/v1/transactions/{transaction_id}"): READ,
    ("post", "/v1/transactions/{transaction_id}/cancellation"): REVERSE,
    ("post", "/v1/transactions/cancellations"): REVERSE,
    ("post", "/v1/transactions/refunds"): REVERSE,
    ("get", "/v1/refund-requests"): READ,
    ("get", "/v1/refund-requests/{request_id}"): READ,
    ("post", "/v1/refund-requests/{request_id}/approval"): "payments:approve",
    ("post", "/v1/refund-requests/{request_id}/rejection"): "payments:approve",
    ("post", "/v1/refund-requests/{request_id}/withdrawal"): REVERSE,
    ("get", "/v1/patients/{patient_id}/credit"): READ,
    ("get", "/v1/patients/{patient_id}/credit/parts"): READ,
    ("post", "/v1/patients/{patient_id}/credit/applications"): WRITE,
    ("post", "/v1/patients/{patient_id}/credit/transfers"): WRITE,
    ("post", "/v1/patients/{patient_id}/credit/withdrawals"): REVERSE,
    ("get", "/v1/patients/{patient_id}/account"): READ,
    ("get", "/v1/patients/{patient_id}/account.csv"): READ,
    ("get", "/v1/patients/{patient_id}/statement"): READ,
    ("get", "/v1/patients/{patient_id}/statement.csv"): READ,
    ("get", "/v1/payment-groups"): READ,
    ("post", "/v1/payment-groups"): WRITE,
    ("post", "/v1/payment-groups/order"): WRITE,
    ("get", "/v1/payment-groups/{group_id}"): READ,
    ("put", "/v1/payment-groups/{group_id}"): WRITE,
    ("delete", "/v1/payment-groups/{group_id}"): WRITE,
    ("get", "/v1/payment-groups/{group_id}/changes"): READ,
    ("get", "/v1/day-sheets"): READ,
    ("get", "/v1/day-sheets.csv"): READ,
    ("get", "/v1/day-sheets/{day}"): READ,
    ("get", "/v1/day-sheets/{day}/totals.csv"): READ,
    ("get", "/v1/day-sheets/{day}/transactions"): READ,
    ("get", "/v1/day-sheets/{day}/transactions.csv"): READ,
    ("get", "/v1/invoices/{invoice_id}"): READ,
    ("get", "/v1/journal/trial-balance"): READ,
    ("get", "/v1/journal/entries"): READ,
    ("get", "/v1/journal/entries.csv"): READ,
    ("get", "/v1/settings"): "settings:read",
    ("put", "/v1/settings"): "settings:write",
    ("get", "/v1/settings/versions"): "settings:read",
    ("get", "/v1/prove"): "operations",
}


@pytest.mark.rule("ALL-5.1")
def test_each_operation_demands_the_scope_of_what_it_does() -> None:
    """ALL-5: a new operation is entered here, so that somebody decides what it takes."""
    demanded = {
        (method, path): operation["security"][0]["token"][0]
        for path, method, operation in OPERATIONS
        if operation.get("security") and not path.startswith(("/v1/tallies", "/v1/position"))
    }
    assert demanded == SCOPES
