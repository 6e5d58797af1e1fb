"""The process that asks for documents answers requests: it does not carry what renders them."""

from __future__ import annotations

import subprocess
import sys

RENDERING_ONLY = ("weasyprint", "pikepdf", "babel")


def imported_by(module: str) -> set[str]:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603  our own Python
    return set(done.stdout.split())


def test_the_service_imports_none_of_what_renders() -> None:
    assert not imported_by("receipts.app").intersection(RENDERING_ONLY)


def test_a_rendering_process_is_forked_from_one_that_has_it_all() -> None:
    modules = "receipts.documents.render.engine, receipts.documents.render.registry, receipts.documents.render.stamp"
    assert imported_by(modules).issuperset(RENDERING_ONLY)
