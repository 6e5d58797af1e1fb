"""A drawing process: a picture from standard input, drawn to standard output, within limits that the kernel holds.

Run as `python -m chassis.drawing.process WIDTH HEIGHT BYTES`. It ends with 3 and a line on standard error where the
picture is to blame, with 4 without memory, by SIGXCPU without processor time.
"""

from __future__ import annotations

import os
import resource
import sys
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageChops, ImageOps

from chassis.drawing.errors import Unusable
from chassis.drawing.frame import Frame
from chassis.drawing.svg import drawn_svg
from chassis.sentence import Sentence

_LIMITS: Final = {
    resource.RLIMIT_CPU: 2,  # seconds
    resource.RLIMIT_AS: 768 * 1024 * 1024,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 0,
}
_NICENESS: Final = 5
_MOST_PIXELS: Final = 25_000_000
Image.MAX_IMAGE_PIXELS = None  # they are counted below, before they are read
_RASTER: Final = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_SCALES: Final = (1.0, 0.7, 0.5, 0.35, 0.25)
_FORMATS: Final[tuple[dict[str, Any], ...]] = (
    {"format": "PNG", "optimize": True},
    {"format": "JPEG", "quality": 90},
    {"format": "JPEG", "quality": 75},
)


def main() -> int:
    """Draw; returns the exit code."""
    _hold()
    frame = Frame.of_arguments(sys.argv[1:])
    try:
        done = draw(sys.stdin.buffer.read(), frame)
    except Unusable as why:
        sys.stderr.write(f"\n{Sentence.as_json(why)}")
        return 3
    except MemoryError:
        return 4
    sys.stdout.buffer.write(done)
    return 0


def _hold() -> None:
    """Let this process have only so much of everything, or less where less was left to it."""
    for kind, most in _LIMITS.items():
        _, left = resource.getrlimit(kind)
        held = most if left == resource.RLIM_INFINITY else min(most, left)
        resource.setrlimit(kind, (held, left if kind == resource.RLIMIT_CPU else held))
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


def draw(picture: bytes, frame: Frame) -> bytes:
    """The picture within the frame, on white; as it is where it fits already. Raises Unusable."""
    kind = next((kind for start, kind in _RASTER.items() if picture.startswith(start)), None)
    if kind is None:
        image = _opened(drawn_svg(picture, frame), "PNG")
    else:
        image = _opened(picture, kind)
        if len(picture) <= frame.largest_bytes and image.mode == "RGB" and _fits(image, frame) and _plain(image):
            return picture
    on_white = _on_white(image)
    on_white.thumbnail((frame.width, frame.height), Image.Resampling.LANCZOS)
    if ImageChops.invert(on_white).getbbox() is None:
        raise Unusable("shows nothing on white paper")
    return _written(on_white, frame.largest_bytes)


def _opened(picture: bytes, kind: str) -> Image.Image:
    try:
        image = Image.open(BytesIO(picture), formats=(kind,))
        _count(image)
        image.load()
    except Unusable:
        raise
    except (OSError, SyntaxError, ValueError):
        raise Unusable(Sentence("is a damaged {kind}", kind=kind)) from None
    return image


def _count(image: Image.Image) -> None:
    if image.width * image.height > _MOST_PIXELS:
        raise Unusable(Sentence("has more than {most} pixels", most=f"{_MOST_PIXELS:,}"))


def _fits(image: Image.Image, frame: Frame) -> bool:
    return image.width <= frame.width and image.height <= frame.height


def _plain(image: Image.Image) -> bool:
    """Whether it carries nothing but its pixels: no rotation, profile or comment."""
    return not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def _on_white(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(white, upright).convert("RGB")


def _written(image: Image.Image, largest_bytes: int) -> bytes:
    """As PNG where that is small enough, else as JPEG, else smaller."""
    for scale in _SCALES:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        smaller = image if scale == 1 else image.resize(size, Image.Resampling.LANCZOS)
        for options in _FORMATS:
            out = BytesIO()
            smaller.save(out, **options)
            if out.tell() <= largest_bytes:
                return out.getvalue()
    raise Unusable(Sentence("cannot be made smaller than {most} bytes", most=largest_bytes))


if __name__ == "__main__":
    sys.exit(main())
