"""What a request's members say together is refused naming the member at fault, in words (ALL-2, PAY-18)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from payments_desk import FrontDesk, problem, usd

ID = str(UUID(int=7))
OTHER = str(UUID(int=8))
PAYMENT = {"patient_id": ID, "amount": usd("1.00"), "method": "cash"}
REFUNDS = {"refunds": [{"payment_id": ID}], "reason_code": "goodwill"}
TRANSFER = {
    "insurer": {"name": "Delta"},
    "amount": usd("1.00"),
    "external_reference": "ERA 1",
    "payments": [{"patient_id": ID, "amount": usd("1.00")}],
}
REFUND = f"/v1/payments/{ID}/refunds"
TWICE = [{"payment_id": ID}, {"payment_id": OTHER}, {"payment_id": ID}]


@pytest.mark.rule("PAY-18.1")
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/payments", PAYMENT | {"method": "other"}, "method_label"),
        ("/v1/payments", PAYMENT | {"method_label": "voucher"}, "method_label"),
        ("/v1/payments", PAYMENT | {"payer": {"kind": "insurer"}}, "payer.name"),
        ("/v1/payments", PAYMENT | {"payer": {"kind": "third_party", "name": " "}}, "payer.name"),
        ("/v1/payments", PAYMENT | {"received_at": "0001-01-01T00:00:00Z"}, "received_at"),
        ("/v1/payments", PAYMENT | {"received_at": "0001-01-01T00:00:00+01:00"}, "received_at"),
        ("/v1/payments", PAYMENT | {"received_at": "1989-12-31T23:59:59Z"}, "received_at"),
        ("/v1/remittances", TRANSFER | {"received_at": "0001-01-01T00:00:00Z"}, "received_at"),
        ("/v1/remittances", TRANSFER | {"method": "other"}, "method_label"),
        ("/v1/remittances", TRANSFER | {"method_label": "voucher"}, "method_label"),
        (REFUND, {"amount": usd("1.00"), "reason_code": "other"}, "reason"),
        (REFUND, {"amount": usd("1.00"), "reason_code": "goodwill", "method": "other"}, "method_label"),
        (REFUND, {"amount": usd("1.00"), "reason_code": "goodwill", "method_label": "voucher"}, "method_label"),
        ("/v1/transactions/refunds", REFUNDS | {"refunds": TWICE}, "refunds[2].payment_id"),
        ("/v1/transactions/cancellations", {"reason": "r", "transaction_ids": [ID, OTHER, ID]}, "transaction_ids[2]"),
    ],
)
async def test_the_member_at_fault_is_named(desk: FrontDesk, path: str, body: dict[str, Any], field: str) -> None:
    refused = problem(await desk.client.post(path, json=body), 422, "invalid-request")
    assert [error["field"] for error in refused["errors"]] == [field]


async def test_a_group_ordered_twice_is_named(desk: FrontDesk) -> None:
    answer = await desk.client.post("/v1/payment-groups/order", json={"group_ids": [ID, ID]})
    refused = problem(answer, 422, "invalid-request")
    assert [error["field"] for error in refused["errors"]] == ["group_ids[1]"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"amount": {"amount": "1,00", "currency": "USD"}}, "is not an amount such as 86.28"),
        ({"amount": {"amount": "1.00", "currency": "usd"}}, "is not a currency code such as USD"),
        ({"method": "other", "method_label": "  "}, "is blank"),
    ],
)
async def test_what_does_not_fit_is_told_in_words(desk: FrontDesk, change: dict[str, Any], detail: str) -> None:
    refused = problem(await desk.client.post("/v1/payments", json=PAYMENT | change), 422, "invalid-request")
    assert [error["detail"] for error in refused["errors"]] == [detail]
