"""Every example is read by the class that a generator of models made of the AsyncAPI document, and says the same again.

Run by `python -m contracts.packages`, with the folder of `asyncapimodels`, and that of the examples; the events' names
are in names.json.
"""
# ruff: noqa: INP001 - a test, run by its path

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel


def models(folder: str) -> dict[str, type[BaseModel]]:
    """All of them, by name; each of their modules is imported."""
    sys.path.insert(0, folder)
    package = Path(folder) / "asyncapimodels"
    modules = [importlib.import_module(f"asyncapimodels.{one.name}") for one in pkgutil.iter_modules([str(package)])]
    classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    return {cls.__name__: cls for cls in classes if issubclass(cls, BaseModel)}


def main() -> None:
    """End with 1, and what is lost, where an example does not come through unchanged."""
    folder, examples = sys.argv[1:]
    found = models(folder)
    names: dict[str, str] = json.loads(Path("names.json").read_text(encoding="utf-8"))
    for event_type, name in names.items():
        data: dict[str, Any] = json.loads((Path(examples) / f"{event_type}.json").read_text(encoding="utf-8"))["data"]
        again = found[name].model_validate_json(json.dumps(data)).model_dump(mode="json", exclude_unset=True)
        if again != data:
            sys.exit(f"{name} makes of its example: {again}")
    sys.stdout.write(f"{len(names)} examples read by what Modelina made for Python\n")


if __name__ == "__main__":
    main()
