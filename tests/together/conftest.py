"""Two services at once, each on a database of its own; the events of one are delivered to the other."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
