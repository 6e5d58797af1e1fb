"""A container's health check: exit 0 when the process says that it can do its work: `healthy.py [URL…]`.

With addresses, it asks those instead: of containers whose images have nothing to ask with.
"""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence

SECONDS = 3.0


def main(urls: Sequence[str] = ()) -> int:
    """Ask the process in this container, or all of these addresses."""
    port = int(os.environ.get("HEALTH_PORT") or os.environ.get("HTTP_PORT") or "8000")
    return max(_asked(url) for url in urls or [f"http://127.0.0.1:{port}/health/ready"])


def _asked(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - an address of the compose file
            return 0 if answer.status == 200 else 1  # noqa: PLR2004 - HTTP's own figure
    except (urllib.error.URLError, TimeoutError) as error:
        sys.stderr.write(f"{url}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
