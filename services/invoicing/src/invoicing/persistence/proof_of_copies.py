"""What invoicing keeps twice, once where it is told and once where it is read, set beside each other (`ALL-8`)."""

from __future__ import annotations

from invoicing.persistence.mapping import TAX_GROUPS

_STATES = """
SELECT 'invoice ' || i.id || ' void' AS what, num_nonnulls(i.voided_on, i.voided_by, i.void_reason) AS expected,
       CASE i.status WHEN 'void' THEN 3 ELSE 0 END AS found
  FROM invoices AS i
"""
# A number as printed has the number of its series in it, whatever the clinic's pattern was then (`INV-7`).
_PRINTED = """
SELECT d.kind || ' ' || d.id || ' number' AS what, 'one with ' || d.series_number AS expected,
       CASE WHEN position(d.series_number::text IN d.number) > 0 THEN 'one with ' || d.series_number
            ELSE d.number END AS found
  FROM (SELECT 'invoice' AS kind, id, number, series_number FROM invoices WHERE number IS NOT NULL
         UNION ALL
        SELECT side || ' note', id, number, series_number FROM notes) AS d
"""
# A series' documents are dated as they are numbered, the last as the series says.
_SERIES_DATES = """
WITH dated AS (
    SELECT clinic_id, 'invoice' AS series, series_number, issue_date FROM invoices WHERE series_number IS NOT NULL
     UNION ALL
    SELECT clinic_id, side || '_note', series_number, issue_date FROM notes),
numbered AS (
    SELECT d.*, lead(issue_date) OVER each AS following,
           lead(series_number) OVER each AS following_number
      FROM dated AS d WINDOW each AS (PARTITION BY clinic_id, series ORDER BY series_number))
SELECT n.series || ' ' || n.series_number || ' date' AS what,
       CASE WHEN n.following_number IS NULL THEN s.last_date::text
            WHEN n.issue_date > n.following THEN 'not after ' || n.following ELSE n.issue_date::text END AS expected,
       n.issue_date::text AS found
  FROM numbered AS n LEFT JOIN number_series AS s ON s.clinic_id = n.clinic_id AND s.series = n.series
 WHERE n.following_number IS NULL OR n.issue_date > n.following
"""
_DUE_DATES = """
SELECT 'invoice ' || id || ' due date' AS what, 'not before ' || issue_date AS expected, due_date::text AS found
  FROM invoices WHERE due_date < issue_date
"""
_UNDOINGS = """
SELECT n.kind || ' ' || n.id || ' ' || f.what AS what, f.expected, f.found
  FROM notes AS n LEFT JOIN notes AS u ON u.id = n.undoes_id
 CROSS JOIN LATERAL (VALUES
        ('side', CASE WHEN n.kind IN ('late_fee', 'correction', 'undo_credit_note', 'undo_refund_adjustment',
                                      'bad_debt_recovery')
                      THEN 'debit' ELSE 'credit' END, n.side),
        ('invoice', coalesce(u.invoice_id, n.invoice_id)::text, n.invoice_id::text),
        ('total', coalesce(u.total_minor, n.total_minor)::text, n.total_minor::text),
        ('tax', coalesce(u.tax_minor, n.tax_minor)::text, n.tax_minor::text),
        ('refund', coalesce(u.refund_id, n.refund_id)::text, n.refund_id::text)) AS f (what, expected, found)
"""
# A refund's credit note is what was decided on what it took, at most all of that; what undoes it is as much (`PAY-20`).
_ADJUSTMENTS = """
SELECT side || ' note of refund ' || refund_id || ' on invoice ' || invoice_id AS what,
       coalesce(s.minor, 0) AS expected, coalesce(n.total, 0) AS found
  FROM (SELECT coalesce(refund_id, transaction_id) AS refund_id, invoice_id,
               CASE WHEN credited_minor > 0 THEN 'credit' ELSE 'debit' END AS side,
               abs(sum(coalesce(decided_minor, credited_minor))) AS minor
          FROM settlements WHERE credited_minor <> 0 GROUP BY 1, 2, 3) AS s
  FULL JOIN (SELECT refund_id, invoice_id, side, sum(total_minor) AS total
               FROM notes WHERE refund_id IS NOT NULL GROUP BY 1, 2, 3) AS n USING (refund_id, invoice_id, side)
"""
# No group is credited beyond what invoice and debit notes have in it, and none below nothing (`MON-11`); of what was
# returned, both are below zero.
_GROUPS = f"""
WITH parts AS (
    SELECT i.id, t.category, t.rate, t.base AS net, t.tax, 0::bigint AS credited_net, 0::bigint AS credited_tax
      FROM invoices AS i
     CROSS JOIN LATERAL {TAX_GROUPS.within("i.taxes", "t")}
     WHERE EXISTS (SELECT 1 FROM notes AS n WHERE n.invoice_id = i.id)
     UNION ALL
    SELECT n.invoice_id, l.tax_category, l.tax_rate,
           k.adds * l.net_minor, k.adds * l.tax_minor, k.credits * l.net_minor, k.credits * l.tax_minor
      FROM notes AS n JOIN note_lines AS l ON l.note_id = n.id
     CROSS JOIN LATERAL (SELECT
           CASE n.kind WHEN 'late_fee' THEN 1 WHEN 'correction' THEN 1 WHEN 'undo_debit_note' THEN -1 ELSE 0 END,
           CASE WHEN n.kind IN ('late_fee', 'correction', 'undo_debit_note') THEN 0
                WHEN n.side = 'credit' THEN 1 ELSE -1 END) AS k (adds, credits)),
groups AS (
    SELECT id, category, rate, sum(net) AS net, sum(tax) AS tax,
           sum(credited_net) AS credited_net, sum(credited_tax) AS credited_tax
      FROM parts GROUP BY 1, 2, 3)
SELECT 'invoice ' || id || ' tax group ' || category || ' ' || trim_scale(rate) || ' credited' AS what,
       'within ' || net || ' and ' || tax AS expected, credited_net || ' and ' || credited_tax AS found
  FROM groups
 WHERE credited_net NOT BETWEEN least(0, net) AND greatest(0, net)
    OR credited_tax NOT BETWEEN least(0, tax) AND greatest(0, tax)
"""  # noqa: S608 - constants
_DECIDED = """
SELECT 'credited for refund ' || transaction_id || ' on invoice ' || invoice_id AS what,
       'from 0 to ' || credited_minor AS expected, decided_minor::text AS found
  FROM settlements
 WHERE kind = 'refund' AND credited_minor > 0 AND decided_minor NOT BETWEEN 0 AND credited_minor
"""
# Whatever crosses what: documents never take back more than they asked for (`PAY-20`, `MON-5`).
_CREDITED_BEYOND = """
SELECT 'invoice ' || id || ' credited beyond what it asked for' AS what,
       'at most ' || total_minor + debited_minor AS expected, credited_minor::text AS found
  FROM invoices WHERE status <> 'draft' AND credited_minor > total_minor + debited_minor
"""
_DECISIONS = """
SELECT 'decision ' || d.decision_id || ' ' || f.what AS what, f.expected, f.found
  FROM decisions AS d
  LEFT JOIN (SELECT clinic_id, decision_id, sum(contractual_minor) AS contractual, sum(patient_minor) AS patient,
                    sum(other_minor) AS other
               FROM decision_lines GROUP BY 1, 2) AS l USING (clinic_id, decision_id)
 CROSS JOIN LATERAL (VALUES
        ('contractual', coalesce(l.contractual, 0), d.contractual_minor),
        ('patient', coalesce(l.patient, 0), d.patient_minor),
        ('other', coalesce(l.other, 0), d.other_minor)) AS f (what, expected, found)
"""
_DECISION_LINES = """
SELECT 'decision ' || l.decision_id || ' line ' || l.position || ' ' || f.what AS what, f.expected, f.found
  FROM decision_lines AS l
  LEFT JOIN decisions AS d ON d.clinic_id = l.clinic_id AND d.decision_id = l.decision_id
  LEFT JOIN invoice_lines AS i ON i.id = l.invoice_line_id
  LEFT JOIN (SELECT clinic_id, decision_id, position,
                    sum(amount_minor) FILTER (WHERE adjustment_group = 'CO') AS contractual,
                    sum(amount_minor) FILTER (WHERE adjustment_group = 'PR') AS patient,
                    sum(amount_minor) FILTER (WHERE adjustment_group IN ('OA', 'PI')) AS other
               FROM decision_adjustments GROUP BY 1, 2, 3) AS a
    ON a.clinic_id = l.clinic_id AND a.decision_id = l.decision_id AND a.position = l.position
 CROSS JOIN LATERAL (VALUES
        ('contractual', coalesce(a.contractual, 0)::text, l.contractual_minor::text),
        ('patient', coalesce(a.patient, 0)::text, l.patient_minor::text),
        ('other', coalesce(a.other, 0)::text, l.other_minor::text),
        ('invoice', d.invoice_id::text, l.invoice_id::text),
        ('invoice of its line', i.invoice_id::text, l.invoice_id::text),
        ('payer', d.payer_sequence || ' ' || d.payer_id, l.payer_sequence || ' ' || l.payer_id)
        ) AS f (what, expected, found)
"""
# What bills a procedure is said by the line and by the procedure's claim; of what was invoiced ahead, by the plan item.
_CLAIMS = """
SELECT 'procedure ' || coalesce(p.procedure_id, l.procedure_id) || ' billed by' AS what,
       l.invoice_id::text AS expected, p.invoice_id::text AS found
  FROM (SELECT DISTINCT l.clinic_id, l.procedure_id, l.invoice_id
          FROM invoice_lines AS l JOIN invoices AS i ON i.id = l.invoice_id
         WHERE l.procedure_id IS NOT NULL AND i.status <> 'void'
         UNION
        SELECT clinic_id, procedure_id, invoice_id
          FROM treatment_plan_items WHERE procedure_id IS NOT NULL AND invoice_id IS NOT NULL) AS l
  FULL JOIN (SELECT clinic_id, procedure_id, invoice_id FROM billable_procedures WHERE invoice_id IS NOT NULL) AS p
    ON p.clinic_id = l.clinic_id AND p.procedure_id = l.procedure_id
"""
_PLAN_ITEMS = """
SELECT 'treatment plan item ' || t.item_id || ' billed by' AS what, l.invoice_id::text AS expected,
       t.invoice_id::text AS found
  FROM treatment_plan_items AS t
  LEFT JOIN LATERAL (
        SELECT l.invoice_id FROM invoice_lines AS l JOIN invoices AS i ON i.id = l.invoice_id
         WHERE l.invoice_id = t.invoice_id AND i.status <> 'void'
           AND (l.treatment_plan_item_id = t.item_id OR l.procedure_id = t.procedure_id) LIMIT 1) AS l ON true
 WHERE t.invoice_id IS NOT NULL
"""
_PLANS = """
SELECT 'installment plan ' || p.id || ' ' || f.what AS what, f.expected, f.found
  FROM installment_plans AS p
  LEFT JOIN invoices AS i ON i.id = p.invoice_id
  LEFT JOIN (SELECT plan_id, max(version) AS version,
                    bool_or(cause IN ('cancelled', 'invoice_voided')) AS cancelled
               FROM installment_plan_versions GROUP BY plan_id) AS v ON v.plan_id = p.id
 CROSS JOIN LATERAL (VALUES
        ('version', v.version::text, p.version::text),
        ('ended', (v.cancelled OR p.ended)::text, p.ended::text),
        ('patient', i.patient_id::text, p.patient_id::text),
        ('currency', i.currency, p.currency)) AS f (what, expected, found)
"""
_LIVE_PLANS = """
SELECT 'live installment plan of invoice ' || coalesce(p.invoice_id, i.id) AS what, p.id::text AS expected,
       i.installment_plan_id::text AS found
  FROM (SELECT id, invoice_id FROM installment_plans WHERE NOT ended) AS p
  FULL JOIN (SELECT id, installment_plan_id FROM invoices WHERE installment_plan_id IS NOT NULL) AS i
    ON i.id = p.invoice_id
"""
_DUES = """
SELECT 'installment ' || coalesce(n.installment_id, d.installment_id) || ' to be announced, due' AS what,
       concat_ws(' ', n.due_date, n.plan_id, n.invoice_id) AS expected,
       concat_ws(' ', d.due_date, d.plan_id, d.invoice_id) AS found
  FROM (SELECT n.installment_id, n.due_date, n.plan_id, p.invoice_id
          FROM installments AS n JOIN installment_plans AS p ON p.id = n.plan_id AND p.version = n.version
         WHERE NOT p.ended) AS n
  FULL JOIN installment_dues AS d ON d.installment_id = n.installment_id
"""
# What was announced before announcements were kept has its day only, so the day is looked for, not the announcement.
_ANNOUNCED = """
SELECT coalesce('installment ' || s.installment_id, 'invoice ' || s.invoice_id) || ' ' || s.step
           || ' announced' AS what, 'on a day' AS expected, 'on none' AS found
  FROM due_announcements AS s
  LEFT JOIN installment_dues AS d ON d.installment_id = s.installment_id
  LEFT JOIN invoices AS i ON i.id = s.invoice_id AND s.installment_id IS NULL
 WHERE CASE WHEN s.installment_id IS NULL THEN i.overdue_announced_on IS NULL
            ELSE d.installment_id IS NOT NULL AND d.plan_id = s.plan_id AND d.due_date = s.due_date
                 AND CASE s.step WHEN 'due_soon' THEN d.due_soon_on WHEN 'due' THEN d.due_on ELSE d.overdue_on END
                     IS NULL END
"""
_SETTINGS = """
SELECT 'settings of clinic ' || c.clinic_id AS what, 'version ' || v.version || ' as saved' AS expected,
       CASE WHEN c.version = v.version AND c.settings = v.settings THEN 'version ' || v.version || ' as saved'
            ELSE 'version ' || c.version || ', another' END AS found
  FROM clinics AS c
  LEFT JOIN (SELECT DISTINCT ON (clinic_id) * FROM clinic_versions ORDER BY clinic_id, version DESC) AS v
    ON v.clinic_id = c.clinic_id
"""
# What a second person has approved was made as it was asked for (`PAY-15`).
_CREDIT_REQUESTS = """
SELECT 'credit request ' || r.id AS what,
       CASE r.kind WHEN 'void' THEN 'void' ELSE 'a note of ' || r.total_minor END AS expected,
       CASE r.kind WHEN 'void' THEN i.status
            ELSE CASE WHEN n.invoice_id = r.invoice_id AND n.side = 'credit' THEN 'a note of ' || n.total_minor END
            END AS found
  FROM credit_requests AS r
  LEFT JOIN invoices AS i ON i.id = r.invoice_id
  LEFT JOIN notes AS n ON n.id = r.note_id
 WHERE r.state = 'completed'
"""
# And nobody made alone what is above the limit by itself. Whoever read the settings just before they changed was held
# to those of before: the largest limit counts that held then, or within a minute. Where a clinic's clock once went back
# further than that, its stamps say nothing of what came first: the largest limit counts that the clinic ever had.
_CREDITED_ALONE = """
WITH stamps AS (
    SELECT clinic_id, changed_at AS stamp, lag(changed_at) OVER (PARTITION BY clinic_id ORDER BY version) AS earlier
      FROM clinic_versions
     UNION ALL
    SELECT clinic_id, created_at, lag(created_at) OVER (PARTITION BY clinic_id, side ORDER BY series_number) FROM notes
     UNION ALL
    SELECT n.clinic_id, n.created_at, i.created_at FROM notes AS n JOIN invoices AS i ON i.id = n.invoice_id
     UNION ALL
    SELECT n.clinic_id, n.created_at, v.changed_at
      FROM notes AS n
      JOIN (SELECT DISTINCT ON (clinic_id) * FROM clinic_versions ORDER BY clinic_id, version) AS v
        ON v.clinic_id = n.clinic_id),
went_back AS (SELECT DISTINCT clinic_id FROM stamps WHERE stamp < earlier - interval '1 minute')
SELECT n.side || ' note ' || n.id || ' above the credit limit' AS what, 'a second person' AS expected, 'none' AS found
  FROM notes AS n
 WHERE n.side = 'credit' AND n.refund_id IS NULL AND n.decision_id IS NULL AND n.kind <> 'bad_debt_again'
   AND NOT EXISTS (SELECT FROM credit_requests AS r WHERE r.note_id = n.id)
   AND NOT EXISTS (
        SELECT FROM clinic_versions AS v
         WHERE v.clinic_id = n.clinic_id
           AND (n.clinic_id IN (SELECT clinic_id FROM went_back)
                OR v.changed_at <= n.created_at + interval '1 minute'
                   AND v.version >= (SELECT coalesce(max(b.version), 0) FROM clinic_versions AS b
                                      WHERE b.clinic_id = n.clinic_id
                                        AND b.changed_at <= n.created_at - interval '1 minute'))
           AND coalesce((v.settings ->> 'credit_limit')::bigint >= n.total_minor, true))
   AND EXISTS (SELECT FROM clinic_versions AS v WHERE v.clinic_id = n.clinic_id)
"""
CHECKS = (
    _STATES,
    _PRINTED,
    _SERIES_DATES,
    _DUE_DATES,
    _UNDOINGS,
    _ADJUSTMENTS,
    _GROUPS,
    _DECIDED,
    _CREDITED_BEYOND,
    _DECISIONS,
    _DECISION_LINES,
    _CLAIMS,
    _PLAN_ITEMS,
    _PLANS,
    _LIVE_PLANS,
    _DUES,
    _ANNOUNCED,
    _SETTINGS,
    _CREDIT_REQUESTS,
    _CREDITED_ALONE,
)
"""Each selects what, expected and found: of everything that is kept twice, or only of what differs."""
