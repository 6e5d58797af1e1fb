"""A clinic's logo: drawn when it is saved, refused where it cannot be (`RCP-8`)."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64decode, b64encode
from io import BytesIO
from typing import Any

import pytest
from chassis.drawing import Frame, drawn_at_once
from contracts.clinics import ClinicConfigured
from PIL import Image

from chassis import drawing

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
SVG = (
    f'<svg {NAMESPACE} viewBox="0 0 30 10"><style>rect {{ fill: #008000 }}</style><rect width="30" height="10"/></svg>'
)
GREEN = (0, 128, 0)
DEEP = f'<svg {NAMESPACE} viewBox="0 0 9 9">' + "<g>" * 1_900 + "</g>" * 1_900 + "</svg>"
REPEATED = (
    f'<svg {NAMESPACE} viewBox="0 0 9 9"><image href="https://elsewhere.example/logo.png" width="9" height="9"/></svg>'
)


def as_file(kind: str) -> str:
    out = BytesIO()
    Image.new("RGB", (400, 200), GREEN).save(out, kind)
    return b64encode(out.getvalue()).decode()


def picture(drawn: str | None) -> Image.Image:
    assert drawn is not None
    return Image.open(BytesIO(b64decode(drawn))).convert("RGB")


@pytest.mark.rule("RCP-8.1")
@pytest.mark.parametrize("given", [{"logo": as_file("PNG")}, {"logo": as_file("JPEG")}], ids=["PNG", "JPEG"])
async def test_a_picture_is_announced_and_answered_as_it_is_printed(clinic: Any, given: dict[str, str]) -> None:
    """RCP-8."""
    answered = await clinic.configure(**given)
    announced = (await clinic.announced(ClinicConfigured))[-1]
    assert answered["logo"] == announced.logo
    assert picture(announced.logo).size == (400, 200)
    assert (await clinic.configure(logo=answered["logo"]))["logo"] == answered["logo"]


@pytest.mark.rule("RCP-8.1")
@pytest.mark.parametrize("given", [{"logo_svg": SVG}, {"logo": b64encode(SVG.encode()).decode()}], ids=["text", "file"])
async def test_an_svg_is_announced_drawn_with_its_styles(clinic: Any, given: dict[str, str]) -> None:
    """RCP-8."""
    answered = await clinic.configure(**given)
    announced = (await clinic.announced(ClinicConfigured))[-1]
    assert announced.logo_svg == answered["logo_svg"] == given.get("logo_svg")
    drawn = picture(announced.logo)
    assert (drawn.size, drawn.getpixel((500, 200))) == ((1134, 378), GREEN)


@pytest.mark.rule("RCP-8.2")
@pytest.mark.parametrize(
    ("field", "given", "why"),
    [
        ("logo_svg", DEEP, "inside each other"),
        ("logo_svg", REPEATED, "outside itself"),
        ("logo_svg", "<svg", "well-formed"),
        ("logo", b64encode(DEEP.encode()).decode(), "inside each other"),
        ("logo", "bm8gcGljdHVyZQ==", "neither"),
        ("logo", "no base64", "base64"),
    ],
)
async def test_a_logo_that_cannot_be_printed_is_refused_and_changes_nothing(
    clinic: Any, field: str, given: str, why: str
) -> None:
    """RCP-8, ALL-2."""
    before = await clinic.configure(logo_svg=SVG)
    body = {"name": "B", "currency": "USD", "time_zone": "UTC", "language": "en", "reason": "a new logo", field: given}
    refused = await clinic.api.put("/v1/clinic", json=body, headers={"If-Match": f'"{before["version"]}"'})
    ((name, detail),) = [(error["field"], error["detail"]) for error in refused.json()["errors"]]
    assert (refused.status_code, name) == (422, field)
    assert why in detail
    assert (await clinic.api.get("/v1/clinic")).json() == before
    assert (await clinic.announced(ClinicConfigured))[-1].version == before["version"]


async def test_logos_of_one_clinic_that_take_long_are_not_in_another_s_way(
    clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-4: it was one line of eight for everybody, which one clinic could keep full."""
    began, go_on, order = threading.Event(), threading.Event(), list[bytes]()

    def slowly(picture: bytes, frame: Frame) -> bytes:
        began.set()
        go_on.wait()
        order.append(picture)
        return drawn_at_once(picture, frame)

    monkeypatch.setattr(drawing, "drawn_at_once", slowly)
    body = {"name": "B", "currency": "USD", "time_zone": "UTC", "language": "en"}
    own = SVG.replace("#008000", "#007f00")
    async with clinic.harness.client() as another:
        logos = [DEEP.replace("0 0 9 9", f"0 0 9 {number}") for number in range(9, 17)]
        bombs = [asyncio.create_task(another.put("/v1/clinic", json=body | {"logo_svg": logo})) for logo in logos]
        await asyncio.to_thread(began.wait)
        saved = asyncio.create_task(clinic.configure(logo_svg=own))
        await asyncio.wait([saved, *bombs], timeout=1)
        go_on.set()
        assert (await saved)["logo_svg"] == own
        assert own.encode() in order[:2]
        assert sorted([(await bomb).status_code for bomb in bombs]) == [422] * 2 + [503] * 6


async def test_a_logo_is_given_once(clinic: Any) -> None:
    body = {"name": "B", "currency": "USD", "time_zone": "UTC", "language": "en", "reason": "a new logo"}
    both = body | {"logo": as_file("PNG"), "logo_svg": SVG}
    refused = await clinic.api.put("/v1/clinic", json=both, headers={"If-Match": '"1"'})
    assert [error["field"] for error in refused.json()["errors"]] == ["logo"]
