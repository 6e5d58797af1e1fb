"""Kafka's jars: only the ones whose hashes are committed are used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from local_stack import kafka_jars as module
from local_stack.kafka_jars import kafka_folder, kafka_jars
from local_stack.places import KAFKA_CHECKSUMS
from local_stack.trouble import CannotRun


def test_fetched_jars_are_the_committed_ones() -> None:
    names = {line.split()[1] for line in KAFKA_CHECKSUMS.read_text().splitlines()}
    assert {jar.name for jar in kafka_jars().glob("*.jar")} == names


def test_jar_that_was_tampered_with_is_refused_by_name(tmp_path: Path) -> None:
    for jar in kafka_folder().glob("*.jar"):
        shutil.copy(jar, tmp_path)
    with next(tmp_path.glob("kafka-clients-*.jar")).open("ab") as changed:
        changed.write(b"!")
    with pytest.raises(CannotRun, match="kafka-clients-"):
        module._check(tmp_path)
