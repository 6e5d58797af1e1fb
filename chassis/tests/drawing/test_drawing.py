"""Pictures that somebody gave: drawn as they look, or refused with the reason, whatever they were made to do."""

from __future__ import annotations

import asyncio
import struct
import threading
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from chassis.drawing import DrawingBusy, Frame, NotDrawn, drawn, drawn_at_once
from chassis.identifiers import new_id
from PIL import Image

from chassis import drawing

FRAME = Frame(width=300, height=100, largest_bytes=65_536)
NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)


def svg(content: str, box: str = "0 0 30 10", before: str = "") -> bytes:
    return f'{before}<svg {NAMESPACES} viewBox="{box}">{content}</svg>'.encode()


def seen(picture: bytes, frame: Frame = FRAME) -> Image.Image:
    return Image.open(BytesIO(drawn_at_once(picture, frame))).convert("RGB")


def encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


STYLED = {
    "style attribute": '<rect width="30" height="10" style="fill: red"/>',
    "style element": '<style>.a > rect { fill: #f00 }</style><g class="a"><rect width="30" height="10"/></g>',
    "use": '<defs><rect id="r" width="15" height="10" fill="red"/></defs><use href="#r"/><use xlink:href="#r" x="15"/>',
    "symbol": '<symbol id="s" viewBox="0 0 1 1"><path d="M0 0h1v1H0z" fill="red"/></symbol>'
    '<use href="#s" width="30" height="30" y="-10"/>',
    "clip": '<clipPath id="c"><rect width="30" height="10"/></clipPath>'
    '<rect x="-9" y="-9" width="99" height="99" fill="red" clip-path="url(#c)"/>',
    "gradient": '<linearGradient id="g"><stop stop-color="red"/></linearGradient>'
    '<rect width="30" height="10" style="fill:url(#g)"/>',
    "script": '<script href="https://elsewhere.example/x.js">alert(1)</script>'
    '<rect width="30" height="10" fill="red"/>',
}


@pytest.mark.parametrize("content", STYLED.values(), ids=STYLED.keys())
def test_an_svg_is_drawn_as_it_looks(content: str) -> None:
    """RCP-8: with its styles, what it uses, clips and gradients."""
    image = seen(svg(content))
    assert image.size == (300, 100)
    assert {image.getpixel(place) for place in ((5, 5), (150, 50), (294, 94))} == {RED}


@pytest.mark.parametrize("fonts", ["the machine's", "of another's documents"])
def test_text_is_drawn(fonts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RCP-8: also where the process that asks knows other fonts only, as the one does that prints receipts."""
    if fonts != "the machine's":
        (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>")
        monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    image = seen(svg('<text x="1" y="9" font-size="9" font-family="No Such, sans-serif">Smile</text>'))
    dark = sum(1 for one in image.convert("L").tobytes() if one < 128)
    assert dark > 300


def test_what_is_transparent_is_white_as_the_paper() -> None:
    half = Image.new("RGBA", (60, 20), (0, 0, 0, 0))
    half.paste((*BLUE, 255), (0, 0, 30, 20))
    image = seen(encoded(half, "PNG"))
    assert (image.size, image.getpixel((3, 3)), image.getpixel((50, 10))) == ((60, 20), BLUE, WHITE)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_pictures_of_every_kind_are_drawn_within_the_frame(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    black = Image.new("RGB", (3000, 500)).convert("RGBA" if mode == "LA" else mode)
    image = seen(encoded(black.convert(mode), kind))
    assert image.size == (300, 50)
    assert max(image.getpixel((150, 25))) < 8  # type: ignore[arg-type]


def test_a_photograph_that_is_too_large_as_png_becomes_smaller() -> None:
    noise = Image.effect_noise((300, 100), 90).convert("RGB")
    frame = Frame(width=300, height=100, largest_bytes=12_000)
    made = drawn_at_once(encoded(noise, "PNG"), frame)
    assert len(made) <= 12_000
    assert Image.open(BytesIO(made)).width >= 100


def test_what_was_drawn_stays_as_it_is_when_it_is_drawn_again() -> None:
    once = drawn_at_once(svg('<rect width="20" height="10" fill="green"/>'), FRAME)
    assert drawn_at_once(once, FRAME) == once


def test_an_svg_as_drawing_programs_write_it_is_drawn() -> None:
    before = (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
        ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>'
    )
    text = (
        f'{before}<svg xmlns="&ns_svg;" width="60mm" height="20mm"><rect width="999" height="999" fill="blue"/></svg>'
    )
    image = seen(text.encode())
    assert (image.size, image.getpixel((150, 50))) == ((300, 100), BLUE)


def nested(times: int) -> str:
    """Clips that are clipped twice by the one before: twice as much to do with each."""
    twice = '<clipPath id="c{}" clip-path="url(#c{})">{}</clipPath>'
    clips = [
        twice.format(n, n - 1, f'<rect width="9" height="9" clip-path="url(#c{n - 1})"/>' * 2) for n in range(1, times)
    ]
    first = '<clipPath id="c0"><rect width="9" height="9"/></clipPath>'
    return first + "".join(clips) + f'<rect width="30" height="10" clip-path="url(#c{times - 1})"/>'


def laughing(times: int) -> str:
    """Entities that are ten times the one before."""
    entities = [f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, times)]
    return '<!DOCTYPE svg [<!ENTITY a0 "ha">' + "".join(entities) + "]>"


def using(times: int) -> str:
    """Groups that use the one before ten times."""
    groups = [f'<g id="u{n}">' + f'<use href="#u{n - 1}"/>' * 10 + "</g>" for n in range(1, times)]
    return f'<defs><rect id="u0" width="1" height="1"/>{"".join(groups)}</defs><use href="#u{times - 1}"/>'


def huge_png() -> bytes:
    """A few bytes that say they are a picture of 60,000 by 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


BOMBS = {
    "nested clips": (svg(nested(26)), "too long"),
    "deep": (svg("<g>" * 1_900 + '<rect width="9" height="9"/>' + "</g>" * 1_900), "inside each other"),
    "many": (svg("<g/>" * 20_001), "elements"),
    "a billion laughs": (svg("<text>&a9;</text>", before=laughing(10)), "SVG"),
    "uses of uses": (svg(using(10)), "SVG that can be drawn|too much|too long"),
    "a filter as large as a town": (
        svg(
            '<filter id="f" x="-1000" y="-1000" width="100000" height="100000"><feGaussianBlur stdDeviation="5000"/>'
            '<feTurbulence baseFrequency="0.0001" numOctaves="2000000000"/></filter>'
            '<rect width="9" height="9" filter="url(#f)"/>'
        ),
        "too long|too much|cannot be drawn|white paper",
    ),
    "a huge PNG": (huge_png(), "25,000,000 pixels"),
}
UNUSABLE = {
    "a file": (svg('<image xlink:href="file:///etc/hostname" width="9" height="9"/>'), "outside itself"),
    "an address": (svg('<image href="https://elsewhere.example/a.png" width="9" height="9"/>'), "outside itself"),
    "a style sheet": (svg('<style>@import "https://elsewhere.example/a.css";</style>'), "outside itself"),
    "a fill": (svg('<rect width="9" height="9" style="fill: url(https://elsewhere.example/#g)"/>'), "outside itself"),
    "another svg": (svg('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>'), "outside itself"),
    "html": (svg("<foreignObject><p>Smile</p></foreignObject>"), "foreignObject"),
    "an entity": (svg("<text>&x;</text>", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), "SVG"),
    "white on white": (svg('<rect width="30" height="10" fill="#fff"/>'), "nothing on white"),
    "nothing": (svg(""), "nothing on white"),
    "no size": (f'<svg {NAMESPACES}><rect width="9" height="9"/></svg>'.encode(), "no size"),
    "no svg": (b"<html><body>Smile</body></html>", "no SVG"),
    "half an svg": (b"<svg", "well-formed"),
    "half a PNG": (encoded(Image.new("RGB", (90, 90), RED), "PNG")[:60], "damaged PNG"),
    "a GIF": (b"GIF89a" + b"\0" * 20, "neither"),
    "empty": (b"", "neither"),
}


@pytest.mark.rule("RCP-8.2")
@pytest.mark.parametrize(("picture", "why"), [*BOMBS.values(), *UNUSABLE.values()], ids=[*BOMBS, *UNUSABLE])
def test_what_cannot_be_drawn_within_the_limits_is_refused_with_the_reason(picture: bytes, why: str) -> None:
    """RCP-8: bombs, what is damaged, what needs something that is not in it, and what nobody would see."""
    with pytest.raises(NotDrawn, match=why):
        drawn_at_once(picture, FRAME)


def test_a_gradient_that_repeats_without_end_is_drawn() -> None:
    gradient = (
        '<linearGradient id="g" x2="0.0000001" spreadMethod="repeat"><stop stop-color="red"/>'
        '<stop offset="1" stop-color="green"/></linearGradient><rect width="30" height="10" fill="url(#g)"/>'
    )
    assert seen(svg(gradient)).size == (300, 100)


async def test_pictures_are_drawn_beside_the_event_loop_and_one_after_the_other() -> None:
    pictures = [svg(f'<rect width="{width}" height="10" fill="green"/>') for width in (5, 10, 20)]
    first, second, third = await asyncio.gather(*(drawn(picture, FRAME, new_id()) for picture in pictures))
    assert len({first, second, third}) == 3


async def test_a_clinic_has_two_pictures_in_line_and_clinics_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-4: pictures that take long are in the way of their own clinic."""
    began, go_on = threading.Event(), threading.Event()
    order: list[bytes] = []

    def slowly(picture: bytes, _: Frame) -> bytes:
        began.set()
        go_on.wait()
        order.append(picture)
        return picture

    monkeypatch.setattr(drawing, "drawn_at_once", slowly)
    many, other = new_id(), new_id()
    waiting = [asyncio.create_task(drawn(one, FRAME, many)) for one in (b"many's first", b"many's second")]
    await asyncio.to_thread(began.wait)
    for _ in range(8):
        with pytest.raises(DrawingBusy):
            await drawn(b"one more", FRAME, many)
    waiting.append(asyncio.create_task(drawn(b"the other's", FRAME, other)))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(*waiting)
    assert order == [b"many's first", b"the other's", b"many's second"]
    assert await drawn(b"again", FRAME, many) == b"again"
