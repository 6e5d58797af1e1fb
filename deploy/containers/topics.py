"""Create the topics that are missing, as `deploy/kafka/topics.yaml` declares them: `topics.py kafka:9092`."""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import asyncio
import sys

from local_stack.kafka import Topics, create_topics


def main() -> int:
    """Create them and say so."""
    (bootstrap,) = sys.argv[1:]
    topics = Topics.declared()
    asyncio.run(create_topics(bootstrap, topics))
    sys.stdout.write(f"{len(topics.names)} topics with {topics.partitions} partitions each\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
