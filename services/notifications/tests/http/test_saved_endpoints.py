"""Webhook endpoints that were registered when less was asked of their address (`NOT-7.4`)."""

from __future__ import annotations

from typing import Any

import pytest
from notifications.http import webhooks as routes

URL = "/v1/webhook-endpoints"
OURS = "http://127.0.0.1:9/hooks"


@pytest.mark.rule("INV-11.3")
async def test_an_endpoint_at_an_address_that_is_refused_by_now_is_disabled(
    desk: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"url": OURS, "event_types": ["billing.payment.recorded.v1"], "reason": "it is ours"}
    async with desk.harness.client("settings:read settings:write", practice.clinic_id) as owner:
        made = await owner.post(URL, json=body)
        monkeypatch.setattr(routes, "_private_allowed", lambda _: False)
        path, disabled = f"{URL}/{made.json()['id']}", body | {"enabled": False}
        moved = await owner.put(path, json=disabled | {"url": OURS + "/2"}, headers={"If-Match": '"1"'})
        assert (moved.status_code, moved.json()["errors"][0]["field"]) == (422, "url")
        answer = await owner.put(path, json=disabled, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json()["enabled"]) == (200, False)
