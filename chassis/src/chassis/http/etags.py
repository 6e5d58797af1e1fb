"""ETag and If-Match: a change names the version it was decided on (`ALL-3`, RFC 9110 section 13)."""

from __future__ import annotations

import re

from chassis.http.problems import PRECONDITION_FAILED, PRECONDITION_REQUIRED, ProblemError

_STRONG = re.compile(r'"([0-9]{1,18})"')


class PreconditionFailed(ProblemError):
    """Someone changed it since the client read it (412); the client reads again and decides anew."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(PRECONDITION_FAILED, detail)


class PreconditionRequired(ProblemError):
    """A change of something versioned must say which version it was decided on (428)."""

    def __init__(self) -> None:
        super().__init__(PRECONDITION_REQUIRED, "Send the ETag that was read as If-Match")


def etag_of(version: int) -> str:
    """The strong ETag of a version."""
    return f'"{version}"'


def version_matched(if_match: str | None) -> int:
    """The version that an If-Match names.

    Raises PreconditionRequired without one, or for `*`, which would match what nobody has read; PreconditionFailed for
    an ETag that we never gave, as it cannot match.
    """
    if if_match is None or if_match.strip() in ("", "*"):
        raise PreconditionRequired
    found = _STRONG.fullmatch(if_match.strip())
    if found is None:
        raise PreconditionFailed("If-Match is not an ETag of this resource")
    return int(found[1])
