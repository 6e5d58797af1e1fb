"""Lets the tests of the domain share their model."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
