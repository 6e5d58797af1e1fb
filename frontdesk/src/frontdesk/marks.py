"""Pictures of the pages: icons as inline SVG, and addresses of files that change when the files do."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from markupsafe import Markup

_PATHS = {
    "patients": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.2A6.5 6.5 0 0 1 21.5 20"/>',
    "day": '<rect x="3" y="5" width="18" height="16" rx="2.5"/><path d="M3 10h18M8 3v4M16 3v4M8 15h3"/>',
    "overview": '<path d="M4 20V11M10 20V4M16 20v-6M21 20H3"/>',
    "settings": '<circle cx="12" cy="12" r="3"/><path d="M12 2.8v3M12 18.2v3M2.8 12h3M18.2 12h3M5.5 5.5l2.1 2.1M16.4 16.4l2.1 2.1M5.5 18.5l2.1-2.1M16.4 7.6l2.1-2.1"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.2-4.2"/>',
    "invoice": '<path d="M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6"/>',
    "payment": '<rect x="2.5" y="5.5" width="19" height="13" rx="2.5"/><path d="M2.5 10h19M6.5 15h4"/>',
    "plan": '<path d="M4 6h4M4 12h4M4 18h4M12 6h8M12 12h8M12 18h8"/>',
    "print": '<path d="M7 8V3h10v5M7 17H4.5A1.5 1.5 0 0 1 3 15.5v-6A1.5 1.5 0 0 1 4.5 8h15A1.5 1.5 0 0 1 21 9.5v6a1.5 1.5 0 0 1-1.5 1.5H17M7 14h10v7H7z"/>',
    "refund": '<path d="M4 9h11a5 5 0 0 1 0 10H9M4 9l4-4M4 9l4 4"/>',
    "cancel": '<circle cx="12" cy="12" r="9"/><path d="m9 9 6 6M15 9l-6 6"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "alert": '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m4 7 8 6 8-6"/>',
    "file": '<path d="M6 3h8l4 4v14H6zM14 3v4h4"/>',
    "leave": '<path d="M14 4h4.5A1.5 1.5 0 0 1 20 5.5v13a1.5 1.5 0 0 1-1.5 1.5H14M10 8l-4 4 4 4M6 12h9"/>',
    "up": '<path d="m6 15 6-6 6 6"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
    "grip": '<path d="M9 6v.2M15 6v.2M9 12v.2M15 12v.2M9 18v.2M15 18v.2"/>',
    "trash": '<path d="M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "tooth": '<path d="M8 3.5c-2.8 0-4.5 2-4.5 5 0 2.600 1 3.900 1.500 6.500.5 2.500.7 5.500 2.500 5.500 2 0 1.500-5.500 4.500-5.500s2.500 5.500 4.500 5.500c1.800 0 2-3 2.500-5.500.5-2.600 1.500-3.900 1.500-6.500 0-3-1.700-5-4.500-5-1.700 0-2.500.8-4 .8s-2.300-.8-4-.8z"/>',
}
_FRAME = (
    '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
    'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>'
)
HASH_LENGTH = 12


@cache
def icon(name: str) -> Markup:
    """An icon, which says nothing by itself: words stand beside it, or a label."""
    return Markup(_FRAME.format(_PATHS[name]))  # noqa: S704 - our own pictures


def asset(name: str) -> str:
    """The address of a file of `static/`, which a browser keeps for good: it changes when any of them does."""
    return f"/static/{_digest()}/{name}"


@cache
def _digest() -> str:
    """Of all of them together, so that one refers to another by a relative address."""
    digest = hashlib.sha256()
    folders = [files("frontdesk").joinpath("static")]
    while folders:
        for one in sorted(folders.pop().iterdir(), key=lambda each: each.name):
            if one.is_dir():
                folders.append(one)
            else:
                digest.update(one.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]
