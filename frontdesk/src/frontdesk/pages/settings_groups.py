"""Settings, Glossary, Payments: the groups that payments are sorted into (`PAY-8`)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of, texts_of, whole_number

router = APIRouter()
COLORS = ("#2563eb", "#0d9488", "#16a34a", "#ca8a04", "#ea580c", "#dc2626", "#db2777", "#7c3aed", "#64748b")
WHERE = "/settings/groups"


@router.get("/settings")
async def first() -> Response:
    """Settings begin with the glossary."""
    return RedirectResponse(WHERE, 303)


@router.get("/settings/groups")
async def show(desk: AtDesk) -> Response:
    """The groups in their order, archived ones last."""
    return await _page(desk)


@router.post("/settings/groups")
async def add(desk: AtDesk, form: Submitted) -> Response:
    """Add a group at the end."""
    body: dict[str, Any] = {"name": text_of(form, "name"), "color": text_of(form, "color") or None}
    body |= {"position": whole_number(form, "position")}
    return await _do(desk, form, "/v1/payment-groups", body=body, said="Added.")


@router.post("/settings/groups/order")
async def order(desk: AtDesk, form: Submitted) -> Response:
    """Put them into the order of the list; `up` or `down` moves one, for whoever drags nothing."""
    ids = texts_of(form, "group")
    for verb, step in (("up", -1), ("down", 1)):
        moved = text_of(form, verb)
        if moved in ids and 0 <= (at := ids.index(moved)) + step < len(ids):
            ids[at], ids[at + step] = ids[at + step], ids[at]
    return await _do(desk, form, "/v1/payment-groups/order", body={"group_ids": ids}, said="In the new order.")


@router.post("/settings/groups/{group_id}")
async def change(desk: AtDesk, group_id: Id, form: Submitted) -> Response:
    """Rename, colour, archive or bring back a group, or delete one that no payment is in."""
    path, what = "/v1/payment-groups/{}", text_of(form, "do", "save")
    if what == "delete":
        return await _do(desk, form, path, str(group_id), method="DELETE", said="Deleted.")
    body = {
        "name": text_of(form, "name"),
        "color": text_of(form, "color") or None,
        "position": whole_number(form, "position"),
        "archived": what == "archive" or (what == "save" and text_of(form, "archived") == "yes"),
    }
    version = f'"{text_of(form, "version")}"'
    return await _do(desk, form, path, str(group_id), body=body, method="PUT", version=version, said="Saved.")


async def _do(desk: Desk, form: Submitted, path: str, *ids: str, said: str, body: Any = None, **how: Any) -> Response:
    try:
        await desk.services.change("payments", path, *ids, body=body, key=text_of(form, "key"), **how)
    except (Refused, Unreachable) as trouble:
        return await _page(desk, desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t(said)))


async def _page(desk: Desk, notice: Notice | None = None, status: int = 200) -> Response:
    groups = (await desk.services.get("payments", "/v1/payment-groups", limit=200))["items"]
    shown = {"live": [group for group in groups if not group["archived"]], "colors": COLORS, "tab": "groups"}
    archived = [group for group in groups if group["archived"]]
    return desk.page("settings_groups.html", status=status, notice=notice, archived=archived, **shown)
