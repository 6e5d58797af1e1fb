"""What was released stays as it was, and is dated: consumers build upon it, and its events are still in Kafka."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from contracts.compatibility import main, publish
from contracts.event import EVENTS, Event
from contracts.releases import LIST, PUBLISHED, ReleaseRefused, damage
from contracts.rendering.schemas import key_of, schema_of

from contracts import releases

ROOT = Path(__file__).parents[2]
RECORDED = "billing.payment.recorded.v1"
DAY = date(2026, 11, 29)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / PUBLISHED, tmp_path / PUBLISHED)
    return tmp_path


def test_everything_published_came_with_a_release_of_a_day() -> None:
    assert damage(ROOT) == []
    for one in releases.entered(ROOT):
        assert date.fromisoformat(one["date"])


def test_a_released_schema_that_is_deleted_is_missed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newest = releases.versions(root, RECORDED)[-1]
    newest.unlink()
    assert main(["--root", str(root)]) == 1
    said = capsys.readouterr().err
    assert f"{PUBLISHED}/{RECORDED}/{newest.stem}.json was released and is gone: its events are still in Kafka." in said


def test_an_event_whose_releases_are_all_deleted_is_missed(root: Path) -> None:
    shutil.rmtree(root / PUBLISHED / RECORDED)
    assert len([sentence for sentence in damage(root) if f"{RECORDED}/" in sentence]) >= 2


def test_a_released_schema_that_is_changed_is_named(root: Path) -> None:
    first = root / PUBLISHED / RECORDED / "1.json"
    first.write_text(first.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert damage(root) == [f"{PUBLISHED}/{RECORDED}/1.json was changed after its release."]


def test_a_gap_in_the_numbers_is_named_even_where_the_list_was_changed_too(root: Path) -> None:
    (root / PUBLISHED / RECORDED / "1.json").unlink()
    listed = json.loads((root / LIST).read_text(encoding="utf-8"))
    for one in listed:
        one["schemas"].pop(f"{RECORDED}/1", None)
    (root / LIST).write_text(json.dumps(listed), encoding="utf-8")
    assert damage(root) == [f"{RECORDED} has no version 1, and has later ones."]


def test_a_schema_of_no_release_is_named_until_it_is_published(root: Path) -> None:
    stranger = root / PUBLISHED / RECORDED / "99.json"
    for number in range(len(releases.versions(root, RECORDED)) + 1, 100):
        shutil.copy(root / PUBLISHED / RECORDED / "1.json", stranger.with_stem(str(number)))
    assert f"{PUBLISHED}/{RECORDED}/99.json came with no release: --publish enters it." in damage(root)
    releases.enter(root, releases.following(root), date(2199, 12, 31))
    assert damage(root) == []


def test_a_release_is_after_the_last_one(tmp_path: Path) -> None:
    current = {RECORDED: schema_of(EVENTS[RECORDED])}
    publish(tmp_path, current, DAY)
    assert releases.latest(tmp_path) == "0.1.0"
    changed = {RECORDED: current[RECORDED] | {"description": "In other words."}}
    for release, day in (("0.1.0", DAY), ("0.0.9", DAY), ("0.2.0", date(2026, 11, 28)), ("next", DAY)):
        with pytest.raises(ReleaseRefused):
            publish(tmp_path, changed, day, release)
    assert [path.name for path in releases.versions(tmp_path, RECORDED)] == ["1.json"]
    publish(tmp_path, changed, DAY, "1.0.0")
    assert releases.following(tmp_path) == "1.1.0"


def test_a_published_version_is_named_in_its_id(tmp_path: Path) -> None:
    """The newest schema has the type's name, which `ce_dataschema` says; each version that was published its own."""
    current = {RECORDED: schema_of(EVENTS[RECORDED])}
    assert current[RECORDED]["$id"] == f"urn:dental-billing:schemas:{RECORDED}"
    (first,) = publish(tmp_path, current, DAY)
    assert publish(tmp_path, current, DAY) == []
    (second,) = publish(tmp_path, {RECORDED: current[RECORDED] | {"description": "In other words."}}, DAY)
    for path, number in ((first, 1), (second, 2)):
        assert json.loads(path.read_text(encoding="utf-8"))["$id"] == f"urn:dental-billing:schemas:{RECORDED}:{number}"


def test_the_version_of_what_is_not_released_yet_says_so(tmp_path: Path) -> None:
    current = {RECORDED: schema_of(EVENTS[RECORDED])}
    assert releases.present(tmp_path, current) == "0.1.0-dev.0"
    publish(tmp_path, current, DAY)
    assert releases.present(tmp_path, current) == "0.1.0"
    assert releases.present(tmp_path, {RECORDED: current[RECORDED] | {"title": "Other"}}) == "0.2.0-dev.0"


def test_the_key_that_a_schema_names_is_the_one_that_the_class_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-7: keyed otherwise, a patient's events would lose their order; the check names it."""
    recorded = EVENTS[RECORDED]
    assert key_of(recorded) == "patient_id"
    monkeypatch.setattr(Event, "partition_key", property(lambda self: str(self.transaction_id)))
    assert key_of(recorded) == "transaction_id"
    monkeypatch.setattr(Event, "partition_key", property(lambda self: f"{self.clinic_id}:{self.patient_id}"))
    with pytest.raises(ValueError, match="PaymentRecorded is keyed by no member of its own"):
        key_of(recorded)
    monkeypatch.setattr(Event, "partition_key", property(lambda _: str(UUID(int=1))))
    with pytest.raises(ValueError, match="none"):
        key_of(recorded)
