"""import-linter keeps the house, and would notice: violations planted into a copy are each named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("invoicing", "payments", "receipts", "notifications")
LINT = Path(sys.executable).parent / "lint-imports"
PLANTED = {
    "payments/domain/planted.py": "import payments.persistence",
    "invoicing/domain/planted.py": "import invoicing.use_cases",
    "receipts/persistence/planted.py": "import receipts.use_cases",
    "notifications/use_cases/planted.py": "import notifications.http",
    "invoicing/http/planted.py": "import invoicing.consumers",
    "payments/jobs/planted.py": "import invoicing.domain",
    "payments/use_cases/planted.py": "import contracts.payments",
    "receipts/http/planted.py": "import contracts.receipts",
    "invoicing/use_cases/planted.py": "from fastapi import Request",
    "notifications/consumers/planted.py": "import starlette.responses",
    "receipts/consumers/planted.py": "import aiokafka",
    "payments/utils.py": "",
    "chassis/planted.py": "import payments.domain",
    "chassis/http/planted.py": "import contracts",
    "chassis/database/planted.py": "import chassis.messaging.inbound",
    "chassis/messaging/planted.py": "import chassis.http.problems",
    "contracts/planted.py": "import chassis.money",
    "local_stack/planted.py": "import receipts.domain",
    "remittances/planted.py": "import invoicing.domain",
}


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder, on the packages that lie in it, if any do, else on the installed ones."""
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    command = [str(LINT), "--config", str(ROOT / ".importlinter"), "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def test_imports_go_down_the_house() -> None:
    done = linted(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says about a copy of the code with all violations in it."""
    copy = tmp_path_factory.mktemp("planted")
    packages = {service: ROOT / "services" / service for service in SERVICES}
    packages |= {name: ROOT / name for name in ("chassis", "contracts", "remittances")}
    packages |= {"local_stack": ROOT / "deploy" / "local"}
    for name, folder in packages.items():
        shutil.copytree(folder / "src" / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in PLANTED.items():
        target = copy / path
        target.parent.mkdir(exist_ok=True)
        (target.parent / "__init__.py").touch()
        target.write_text(f'"""Planted."""\n{text}\n', encoding="utf-8")
    done = linted(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("path", PLANTED)
def test_a_planted_violation_is_named(path: str, planted: str) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    assert re.search(rf"{re.escape(module)}( ->|\b)", planted), planted
