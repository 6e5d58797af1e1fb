"""Points fontconfig at the packaged fonts. To be called before WeasyPrint is imported: it reads them on import."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path


def use_packaged_fonts() -> None:
    """Let fontconfig know only the packaged fonts and the operator's, whatever the machine has installed."""
    folder = Path(str(files("receipts.documents") / "fonts"))
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
