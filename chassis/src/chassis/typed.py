r"""What people type: the same words in other letters, spaces or spellings of a character are the same (`PAY-17`).

Whatever is compared, characters that are not seen (a zero-width space, a soft hyphen, marks of direction) are left out,
and a character has one spelling (Unicode's compatible form, NFKC) and no case. Then there are two ways:

- Names and labels (`alike`) are words: spaces part them, one or several alike.
- References and persons (`ungrouped`) are signs, which people group as they like: `RF18 5390 0754 7034` is
  `RF18539007547034` (ISO 11649 prints it so), and `clerk: ada` is `clerk:ada`. All spaces are left out, and nothing
  else: a hyphen, a dot or a stroke stands between numbers that count for themselves, so `1-23` is not `12-3`, and
  `ERA-1` is not `ERA 1`. Where spaces did part numbers (`1 23` and `12 3`), two references are taken for one: that asks
  a person once too often, where the other way books money twice.

The same in Python and in the database, character by character: both read the two sets below as a regular expression.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeGuard

_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = f"[{_UNSEEN}]"
"""What is not seen: Unicode's `Default_Ignorable_Code_Point`."""
_SPACES = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SPACES = f"[{_SPACES}]+"
"""Unicode's `White_Space`, and what separated records once."""

_SILENT = r"\u0000-\u001f\u007f-\u009f\u2800\ufff9-\ufffb" + "\U00013430-\U00013442\U0001d159"
_BEYOND = re.compile(r"\\U([0-9a-f]{8})")
SAID = f"[^{_BEYOND.sub(lambda found: chr(int(found[1], 16)), _UNSEEN + _SPACES)}{_SILENT}]"
"""A character that says something: neither a space nor one that is not seen, nor a control, nor drawn as nothing.

A text without one is blank. It is read as a regular expression in Python, Rust (pydantic) and ECMAScript (descriptions
of APIs), which write characters beyond the first 65,536 in three ways: those stand in it as themselves.
"""
_NOT_OF_ADDRESSES = r"\s\x00-\x1f\x7f<>@\"(),:;\\"
_DOTS = r".\u3002\uff0e\uff61"
"""Those of IDNA (RFC 3490): people type what their keyboard has."""
ADDRESS = (
    rf"^[^{_NOT_OF_ADDRESSES}]{{1,64}}@([^{_NOT_OF_ADDRESSES}{_DOTS}]{{1,63}}[{_DOTS}])+"
    rf"[^{_NOT_OF_ADDRESSES}{_DOTS}0-9][^{_NOT_OF_ADDRESSES}{_DOTS}]{{1,62}}$"
)
"""An email address, with a top-level domain: nobody can be mailed at `jane@gmail`."""


def says_something(text: str | None) -> TypeGuard[str]:
    """Whether there is anything in it to be read (`ALL-2`): an empty text, spaces and what is not seen say nothing."""
    return text is not None and re.search(SAID, text) is not None


def is_address(text: str) -> bool:
    """Whether it is written as an email address is."""
    return re.fullmatch(ADDRESS, text) is not None


def alike(text: str) -> str:
    """What stands for all ways to type a name or label: nothing unseen, one spelling, single spaces, no case."""
    return re.sub(SPACES, " ", _spelled(text)).strip(" ").casefold()


def ungrouped(text: str) -> str:
    """What stands for all ways to type a reference or person: as `alike`, and without any space."""
    return re.sub(SPACES, "", _spelled(text)).casefold()


def same_person(one: str, other: str) -> bool:
    """Whether two subjects are one person: in other cases, spaces or forms of its letters a name is nobody else's."""
    return ungrouped(one) == ungrouped(other)


def alike_sql(expression: str) -> str:
    """`alike` in the database, in its own collation: a column of it is looked up in an index by it."""
    return _without_case(f"btrim(regexp_replace({_spelled_sql(expression)}, '{SPACES}', ' ', 'g'))")


def ungrouped_sql(expression: str) -> str:
    """`ungrouped` in the database, likewise."""
    return _without_case(f"regexp_replace({_spelled_sql(expression)}, '{SPACES}', '', 'g')")


def _spelled(text: str) -> str:
    return unicodedata.normalize("NFKC", re.sub(UNSEEN, "", text))


def _spelled_sql(expression: str) -> str:
    return f"normalize(regexp_replace({expression}, '{UNSEEN}', '', 'g'), NFKC)"


def _without_case(plain: str) -> str:
    return f"""(lower({plain} COLLATE "pg_c_utf8") COLLATE "default")"""
