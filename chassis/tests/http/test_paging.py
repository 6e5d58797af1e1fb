"""Pages follow each other without loss or repetition while rows are added; a cursor is its list's own (`ALL-3`)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from chassis.http import Invalid
from chassis.http.paging import decoded, encoded
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness
from hypothesis import given
from hypothesis import strategies as st

SCOPES = "books:read books:write"
SECRET = b"a secret of this test"
VALUES = st.one_of(
    st.uuids(),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.none(),
)


def forged(*key: object) -> str:
    """A cursor of this very list, made by somebody else: with a key of any kinds and length."""
    return encoded(key, "/v1/books", SECRET)


@pytest.mark.rule("ALL-3.1")
async def test_pages_follow_each_other_while_rows_are_added(harness: ServiceHarness) -> None:
    async with harness.client(SCOPES) as client:
        for number in range(7):
            await client.post("/v1/books", json={"title": f"book {number}", "pages": [1]})
        seen: list[str] = []
        cursor: str | None = None
        for turn in range(10):
            parameters = {"limit": "3"} | ({} if cursor is None else {"cursor": cursor})
            part = (await client.get("/v1/books", params=parameters)).json()
            seen += [book["title"] for book in part["items"]]
            cursor = part["next"]
            if cursor is None:
                break
            await client.post("/v1/books", json={"title": f"later {turn}", "pages": [1]})
    assert seen[:7] == [f"book {number}" for number in range(7)]
    assert len(seen) == len(set(seen)) == 9


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
async def test_limit_out_of_bounds_is_refused(harness: ServiceHarness, limit: str) -> None:
    async with harness.client(SCOPES) as client:
        refused = await client.get("/v1/books", params={"limit": limit})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "limit")


@pytest.mark.parametrize(
    "cursor", ["", "x", "💙", "AAAA", "e30", "a" * 999, forged(1), forged("x", None, True), forged()]
)
async def test_cursor_that_this_list_never_gave_is_refused(harness: ServiceHarness, cursor: str) -> None:
    async with harness.client(SCOPES) as client:
        refused = await client.get("/v1/books", params={"cursor": cursor})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "cursor")


@given(st.lists(VALUES, max_size=4).map(tuple))
def test_cursor_gives_back_what_it_was_made_of(key: tuple[UUID | int | date | datetime | str | None, ...]) -> None:
    assert decoded(encoded(key, "list", SECRET), "list", SECRET) == key


@given(st.text(max_size=200))
def test_no_text_makes_a_cursor_fail_otherwise_than_as_invalid(text: str) -> None:
    with pytest.raises(Invalid):
        decoded(text, f"list {new_id()}", SECRET)
