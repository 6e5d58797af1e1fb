"""What `make setup` leaves behind lets processes start quickly: nothing is compiled anew by each of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

NOT_COMPILED = """
import sys
from pathlib import Path

import {service}.app

modules = [module.__spec__ for module in sys.modules.values() if getattr(module, "__spec__", None)]
sources = [spec for spec in modules if spec.origin and spec.origin.endswith(".py") and spec.cached]
assert len(sources) > 500, "what is imported was not looked at"
print(*(spec.origin for spec in sources if not Path(spec.cached).exists()), sep="\\n")
"""


@pytest.mark.parametrize("service", ["invoicing", "payments", "receipts", "notifications"])
def test_all_that_a_service_imports_is_compiled(service: str) -> None:
    """Also where PYTHONDONTWRITEBYTECODE is set, as `-B` does: then nothing compiles but what set it up."""
    program = [sys.executable, "-B", "-c", NOT_COMPILED.format(service=service)]
    run = subprocess.run(program, capture_output=True, text=True, check=True)  # noqa: S603 - its own interpreter
    assert run.stdout.split() == []
