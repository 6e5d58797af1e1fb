"""The topics, with as many replicas as a cluster says, and never fewer than must be in sync."""

from __future__ import annotations

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from chassis.broker import Broker
from chassis.broker_settings import CLUSTER_IN_SYNC, CLUSTER_REPLICAS
from contracts.participants import events_of, is_keyed_by_patient
from contracts.rendering.schemas import schema_of
from local_stack.kafka import MIN_IN_SYNC, RETENTION, Topics, create_topics
from local_stack.trouble import CannotRun

LAPTOP = {"ENVIRONMENT": "local"}
DAYS_35 = 35 * 24 * 60 * 60 * 1_000


def test_a_topic_has_three_replicas_but_on_a_laptop_where_nothing_else_is_said() -> None:
    """ALL-7: nobody has to know that one replica is none, to have more."""
    laptop, cluster = Topics.declared(), Topics.declared({})
    five = Topics.declared({"KAFKA_REPLICATION_FACTOR": "5", "KAFKA_MIN_INSYNC_REPLICAS": "3"})
    assert Topics.declared(LAPTOP) == laptop
    assert (laptop.replication_factor, laptop.config[MIN_IN_SYNC]) == (1, "1")
    assert (cluster.replication_factor, cluster.config[MIN_IN_SYNC]) == (3, "2")
    assert (cluster.replication_factor, cluster.config[MIN_IN_SYNC]) == (CLUSTER_REPLICAS, str(CLUSTER_IN_SYNC))
    assert (five.replication_factor, five.config[MIN_IN_SYNC]) == (5, "3")
    assert (cluster.names, cluster.partitions) == (laptop.names, laptop.partitions)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            LAPTOP | {"KAFKA_MIN_INSYNC_REPLICAS": "2"},
            "factor of 1 is less than the 2 that min.insync.replicas asks for",
        ),
        ({"KAFKA_REPLICATION_FACTOR": "1"}, "factor of 1 is less than the 2 that min.insync.replicas asks for"),
        ({"KAFKA_REPLICATION_FACTOR": "2", "KAFKA_MIN_INSYNC_REPLICAS": "3"}, "factor of 2 is less than the 3"),
        ({"KAFKA_REPLICATION_FACTOR": "0"}, "KAFKA_REPLICATION_FACTOR is '0'"),
        ({"KAFKA_REPLICATION_FACTOR": "three"}, "KAFKA_REPLICATION_FACTOR is 'three'"),
    ],
)
def test_topics_that_nobody_could_write_to_are_refused(told: dict[str, str], said: str) -> None:
    with pytest.raises(CannotRun, match=said):
        Topics.declared(told)


async def test_cluster_that_is_too_small_is_said_and_what_has_too_few_replicas_is_named(kafka_server: str) -> None:
    broker = Broker(kafka_server)
    with pytest.raises(CannotRun, match="fewer brokers than the 3 replicas that a-topic-of-three"):
        await create_topics(broker, Topics(("a-topic-of-three",), 1, replication_factor=3))
    assert await create_topics(broker, Topics(("a-topic-of-one",), 1)) == []
    assert await create_topics(broker, Topics(("a-topic-of-one",), 1)) == []
    few, lax = await create_topics(broker, Topics(("a-topic-of-one",), 1, {MIN_IN_SYNC: "2"}, replication_factor=3))
    assert few.startswith("a-topic-of-one exists with 1 of 3 replicas")
    assert lax.startswith("a-topic-of-one exists with min.insync.replicas 1 instead of 2")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    try:
        assert "a-topic-of-three" not in await admin.list_topics()
    finally:
        await admin.close()


@pytest.mark.rule("ALL-9.4")
async def test_what_is_personal_has_an_end_and_a_topic_that_keeps_it_for_longer_is_named(kafka_server: str) -> None:
    """ALL-9: as it was made before, it stays until somebody sets it."""
    broker = Broker(kafka_server)
    made = Topics(("kept-for-ever", "kept-for-days"), 1, {RETENTION: "-1"}, own={"kept-for-days": {RETENTION: "1000"}})
    assert await create_topics(broker, made) == []
    assert await create_topics(broker, made) == []
    both = Topics(made.names, 1, {RETENTION: "-1"}, own={name: {RETENTION: "500"} for name in made.names})
    lines = sorted(await create_topics(broker, both))
    assert [line.partition(" instead")[0] for line in lines] == [
        "kept-for-days keeps its events for 1000 ms",
        "kept-for-ever keeps its events for ever",
    ]


@pytest.mark.rule("ALL-9.4")
def test_what_is_about_a_patient_is_kept_for_a_bounded_time_and_the_rest_for_ever() -> None:
    """ALL-9: longer than a backup is kept, so that one can be brought up to date."""
    declared = Topics.declared()
    for topic in declared.names:
        kept = int(declared.config_of(topic)[RETENTION])
        personal = any(is_keyed_by_patient(one) and "x-personal" in str(schema_of(one)) for one in events_of(topic))
        assert (kept == DAYS_35) if personal else (kept == -1), topic
