"""Payment groups: made, renamed, ordered, archived, deleted where nothing is in them (`PAY-8`)."""

from __future__ import annotations

import pytest
from payments_desk import FrontDesk, good, problem


@pytest.mark.rule("PAY-8.1")
async def test_groups_are_created_renamed_ordered_and_archived(desk: FrontDesk) -> None:
    """PAY-8."""
    second = await desk.group("Orthodontics", position=2, color="#4a90d9")
    first = await desk.group("Surgery", position=1)
    listed = good(await desk.client.get("/v1/payment-groups"))["items"]
    assert [one["name"] for one in listed] == ["Surgery", "Orthodontics"]
    path = f"/v1/payment-groups/{first['id']}"
    changed = {"name": "Oral surgery", "position": 3, "archived": True}
    problem(await desk.client.put(path, json=changed), 428, "precondition-required")
    tag = (await desk.client.get(path)).headers["ETag"]
    good(await desk.client.put(path, json=changed, headers={"If-Match": tag}))
    problem(await desk.client.put(path, json=changed, headers={"If-Match": tag}), 412, "precondition-failed")
    problem(
        await desk.client.post("/v1/payment-groups", json={"name": "ORTHODONTICS"}), 409, "payment-group-name-taken"
    )
    problem(await desk.pay("1.00", group_id=first["id"]), 409, "payment-group-archived")
    assert (await desk.client.delete(f"/v1/payment-groups/{second['id']}")).status_code == 204


@pytest.mark.rule("PAY-8.1")
async def test_groups_are_put_into_an_order_all_at_once(desk: FrontDesk) -> None:
    """PAY-8."""
    made = [(await desk.group(name))["id"] for name in ("A", "B", "C")]
    archived = await desk.group("Old", archived=True)
    path = "/v1/payment-groups/order"
    ordered = good(await desk.client.post(path, json={"group_ids": [made[2], made[0], made[1]]}))["items"]
    assert [(one["name"], one["position"]) for one in ordered] == [("C", 0), ("A", 1), ("B", 2), ("Old", 0)]
    assert good(await desk.client.get("/v1/payment-groups"))["items"] == ordered
    refused = problem(
        await desk.client.post(path, json={"group_ids": [made[0], archived["id"]]}),
        409,
        "payment-group-order-incomplete",
    )
    assert (refused["missing"], refused["unknown"]) == ([made[1], made[2]], [archived["id"]])
    problem(await desk.client.post(path, json={"group_ids": [made[0], made[0]]}), 422, "invalid-request")
    assert good(await desk.client.get("/v1/payment-groups"))["items"] == ordered
    # Whoever had read a group before it was moved decides anew.
    stale = await desk.client.put(
        f"/v1/payment-groups/{made[0]}", json={"name": "A", "position": 0}, headers={"If-Match": '"1"'}
    )
    problem(stale, 412, "precondition-failed")


async def test_changes_of_a_group_say_who_made_them_also_after_its_end(desk: FrontDesk) -> None:
    """PAY-8, ALL-5."""
    one = await desk.group("Surgery", position=3)
    path = f"/v1/payment-groups/{one['id']}"
    async with desk.person("manager:bo") as manager:
        renamed = {"name": "Oral surgery", "position": 3, "reason": "as on the door"}
        good(await manager.put(path, json=renamed, headers={"If-Match": '"1"'}))
        for _ in range(2):
            order = {"group_ids": [one["id"]], "reason": "by use"}
            good(await manager.post("/v1/payment-groups/order", json=order))
    assert (await desk.client.delete(path)).status_code == 204
    changes = good(await desk.client.get(f"{path}/changes"))["items"]
    assert [(change["change"], change["name"], change["changed_by"], change["reason"]) for change in changes] == [
        ("created", "Surgery", "clerk:ada", None),
        ("changed", "Oral surgery", "manager:bo", "as on the door"),
        ("ordered", "Oral surgery", "manager:bo", "by use"),
        ("deleted", "Oral surgery", "clerk:ada", None),
    ]
    page = good(await desk.client.get(f"{path}/changes", params={"limit": "1"}))
    assert page["items"] == changes[:1]


async def test_groups_are_listed_by_cursor_in_their_order(desk: FrontDesk) -> None:
    """PAY-8, ALL-3: none twice and none left out, also with one more in between."""
    for name, position in (("b", 1), ("A", 1), ("c", 0), ("d", 2)):
        await desk.group(name, position=position)
    await desk.group("B", archived=True)
    await desk.group("b", archived=True)
    whole = [item["name"] for item in good(await desk.client.get("/v1/payment-groups"))["items"]]
    assert whole[:4] == ["c", "A", "b", "d"]
    assert sorted(whole[4:]) == ["B", "b"]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = good(await desk.client.get("/v1/payment-groups", params=query))
        seen += [item["name"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
        if len(seen) == 2:
            await desk.group("aa", position=2)
    assert seen == [*whole[:3], "aa", *whole[3:]]


@pytest.mark.rule("PAY-8.2")
async def test_group_in_use_cannot_be_deleted(desk: FrontDesk) -> None:
    used = await desk.group("Surgery")
    await desk.paid("1.00", group_id=used["id"])
    problem(await desk.client.delete(f"/v1/payment-groups/{used['id']}"), 409, "payment-group-in-use")
