"""What a member of a request may be, where several requests have one of its kind."""

from __future__ import annotations

from typing import Annotated

from chassis.http import NOT_BLANK
from pydantic import StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=NOT_BLANK)]
