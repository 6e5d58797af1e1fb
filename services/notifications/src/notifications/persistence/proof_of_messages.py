"""What cannot be in a log of messages that was kept well, each beside what it should be (`ALL-8`)."""

from __future__ import annotations

_ACCEPTED = """
SELECT 'times accepted of ' || m.state || ' message ' || m.id AS what,
       CASE m.state WHEN 'bounced' THEN least(a.accepted, 1) ELSE (m.state = 'sent')::int END AS expected,
       a.accepted AS found
  FROM messages m
  JOIN LATERAL (SELECT count(*) AS accepted FROM attempts a
                 WHERE a.message_id = m.id AND a.clinic_id = m.clinic_id AND a.outcome = 'sent') a ON true
"""
_OUTCOMES = """
SELECT 'outcome of ' || m.state || ' message ' || m.id AS what, m.state AS expected,
       coalesce(a.outcomes, 'none') AS found
  FROM messages m
  LEFT JOIN (SELECT message_id, string_agg(DISTINCT outcome, ', ') AS outcomes, array_agg(outcome) AS had
               FROM attempts GROUP BY message_id) a ON a.message_id = m.id
 WHERE m.state NOT IN ('planned', 'claimed') AND (m.state = ANY (a.had)) IS NOT TRUE
"""
_QUEUE = """
SELECT 'queue of ' || m.state || ' message ' || m.id AS what,
       CASE WHEN m.state IN ('planned', 'retrying', 'claimed') THEN 'waiting in it' ELSE 'not in it' END AS expected,
       CASE WHEN q.message_id IS NULL THEN 'not in it' ELSE 'waiting in it' END AS found
  FROM messages m LEFT JOIN sending_queue q ON q.message_id = m.id
"""
_ONCE = """
SELECT 'messages for one event, recipient and channel, such as ' || min(m.id::text) AS what, 1 AS expected,
       count(*) AS found
  FROM messages m GROUP BY m.clinic_id, m.about_event_id, m.step, m.recipient, m.channel
"""
CHECKS = (_ACCEPTED, _OUTCOMES, _QUEUE, _ONCE)
"""Each selects what, expected and found."""
