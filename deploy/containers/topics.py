"""Create the topics that are missing, as `deploy/kafka/topics.yaml` declares them: `topics.py [kafka:9092]`.

Told by the environment as a service is (`KAFKA_BOOTSTRAP`, `KAFKA_SECURITY_PROTOCOL` and so on), and by
`KAFKA_REPLICATION_FACTOR` and `KAFKA_MIN_INSYNC_REPLICAS`, what a cluster has instead of the declaration's.
"""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import asyncio
import dataclasses
import os
import sys

from aiokafka.errors import KafkaError
from chassis.broker import Broker
from chassis.broker_settings import BrokerSettings
from chassis.messaging.kafka import BrokerUnreachable, require_answer
from chassis.tls import refusal
from local_stack.kafka import Topics, create_topics
from local_stack.trouble import CannotRun
from pydantic import ValidationError


def main() -> int:
    """Create them and say so; 1 where that cannot be, and why."""
    try:
        topics = Topics.declared(os.environ)
        too_few = asyncio.run(_created(_broker(sys.argv[1:]), topics))
    except ValidationError as error:
        for one in error.errors():
            sys.stderr.write(f"{'_'.join(str(part) for part in one['loc']).upper()} is not usable: {one['msg']}\n")
        return 1
    except BrokerUnreachable as unreachable:
        sys.stderr.write(f"{unreachable.setting or 'KAFKA_BOOTSTRAP'} is not usable: {unreachable}\n")
        return 1
    except (CannotRun, KafkaError, OSError) as trouble:
        sys.stderr.write(f"{refusal(trouble) or trouble}\n")
        return 1
    for line in too_few:
        sys.stderr.write(f"{line}\n")
    replicas = f"{topics.replication_factor} replica{'s' * (topics.replication_factor > 1)}"
    sys.stdout.write(f"{len(topics.names)} topics with {topics.partitions} partitions each, of {replicas}\n")
    return 0


async def _created(broker: Broker, topics: Topics) -> list[str]:
    await require_answer(broker)  # says why not, where an administrator's client only says that nobody answers
    return await create_topics(broker, topics)


def _broker(arguments: list[str]) -> Broker:
    broker = BrokerSettings().broker()
    return dataclasses.replace(broker, bootstrap=arguments[0]) if arguments else broker


if __name__ == "__main__":
    sys.exit(main())
