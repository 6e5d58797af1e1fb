"""Tests of the whole workspace: the packages themselves are imported before pytest names test modules after folders.

The folders `chassis/`, `contracts/`, `frontdesk/` and `remittances/` bear the names of the packages inside them; once
the packages are imported, pytest (import mode importlib) does not mistake the folders for them.
"""

import gc
import os

from hypothesis import HealthCheck, settings

import chassis
import contracts
import frontdesk
import remittances

__all__ = ["chassis", "contracts", "frontdesk", "remittances"]

# Roles of a throw-away server have known passwords, and its broker is the only one: so on a laptop, and nowhere else.
os.environ["ENVIRONMENT"] = "local"

# What tests leave behind is mostly freed by counting; looking for cycles as often as usual was part of every test.
gc.set_threshold(20_000, 20, 50)

# How long an example takes says how busy the machine is.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: nobody looks for garbage in it again and again."""
    gc.collect()
    gc.freeze()
