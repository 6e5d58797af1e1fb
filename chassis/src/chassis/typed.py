"""What people type: the same words in other letters, spaces or spellings of a character are the same (`PAY-17`)."""

from __future__ import annotations

import unicodedata


def alike(text: str) -> str:
    """What stands for all ways to type it: Unicode's compatible form (NFKC), single spaces, no case."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def alike_sql(expression: str) -> str:
    """The same in the database, in its own collation: a column of it is looked up in an index by it."""
    plain = rf"btrim(regexp_replace(normalize({expression}, NFKC), '\s+', ' ', 'g'))"
    return f"""(lower({plain} COLLATE "pg_c_utf8") COLLATE "default")"""
