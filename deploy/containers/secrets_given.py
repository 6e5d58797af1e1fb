"""Ends with 1 where a secret of the environment is none: `secrets_given.py`, before what cannot look itself starts.

PostgreSQL would take any password. What ends with _PASSWORD or _SECRET is looked at; of ENVIRONMENT=local nothing is.
"""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import os
import sys

from chassis.known_secrets import require_own

ENDINGS = ("_PASSWORD", "_SECRET")


def main() -> int:
    """Name each that anybody can guess."""
    named = {name: value for name, value in os.environ.items() if name.endswith(ENDINGS)}
    wrong = [said for name, value in sorted(named.items()) if (said := _refusal(name, value)) is not None]
    sys.stderr.writelines(f"{said}\n" for said in wrong)
    return 1 if wrong else 0


def _refusal(name: str, value: str) -> str | None:
    words = name.lower().split("_")
    users = ["_".join(words[:-1]), words[0]]
    try:
        require_own(os.environ.get("ENVIRONMENT", ""), value, users)
    except ValueError as known:
        return f"{name} {known}"
    return None


if __name__ == "__main__":
    sys.exit(main())
