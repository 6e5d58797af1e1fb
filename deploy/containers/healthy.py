"""A container's health check: exit 0 when the process says that it can do its work."""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request

SECONDS = 3.0


def main() -> int:
    """Ask the process in this container."""
    port = int(os.environ.get("HEALTH_PORT") or os.environ.get("HTTP_PORT") or "8000")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=SECONDS) as answer:
            return 0 if answer.status == 200 else 1  # noqa: PLR2004 - HTTP's own figure
    except (urllib.error.URLError, TimeoutError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
