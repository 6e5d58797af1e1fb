"""What receipts keeps twice, in columns and in what is frozen or stored, set beside each other (`ALL-8`, `RCP-1`)."""

from __future__ import annotations

_RECEIPTS = """
SELECT 'receipt ' || r.receipt_id || ' ' || f.what AS what, f.expected, f.found
  FROM receipts AS r
  LEFT JOIN stored_documents AS d ON d.document_id = r.receipt_id AND d.rendition = 'original'
 CROSS JOIN LATERAL (VALUES
        ('kind as printed', r.kind, r.content ->> 'kind'),
        ('number as printed', r.number, r.content ->> 'number'),
        ('currency as printed', r.currency, r.content -> 'amount' ->> 'currency'),
        ('amount as printed', r.amount_minor::text, r.content -> 'amount' ->> 'minor'),
        ('allocations and credit', r.amount_minor::text,
            ((r.content -> 'credit' ->> 'minor')::bigint
              + coalesce((SELECT sum((s -> 'applied' ->> 'minor')::bigint)
                            FROM jsonb_array_elements(r.content -> 'settled') AS s), 0))::text),
        ('SHA-256 of its original', r.sha256, CASE WHEN r.sha256 IS NOT NULL THEN d.sha256 END),
        ('bytes of its original', r.size_bytes::text, CASE
            WHEN r.sha256 IS NOT NULL AND d.in_store THEN d.size_bytes::text
            WHEN r.sha256 IS NOT NULL THEN octet_length(d.pdf)::text END)
        ) AS f (what, expected, found)
 WHERE NOT is_deleted(r.receipt_id)
"""
_LAST_DATES = """
SELECT 'receipt ' || r.number || ' date' AS what, s.last_date AS expected, r.numbered_on AS found
  FROM number_series AS s
  JOIN receipts AS r ON r.clinic_id = s.clinic_id AND r.serial = s.last_number
 WHERE s.series = 'receipt'
"""
_INVOICES = """
SELECT 'invoice ' || i.invoice_id || ' ' || f.what AS what, f.expected, f.found
  FROM invoices AS i
 CROSS JOIN LATERAL (VALUES
        ('number as printed', i.number, i.content -> 'invoice' ->> 'number'),
        ('patient as printed', i.patient_id::text, i.content -> 'invoice' ->> 'patient_id')
        ) AS f (what, expected, found)
"""
_NOTES = """
SELECT 'note ' || note_id || ' number as printed' AS what, number AS expected, content -> 'note' ->> 'number' AS found
  FROM notes
 WHERE NOT is_deleted(note_id)
"""
_PLANS = """
SELECT 'installment plan ' || p.plan_id || ' ' || f.what AS what, f.expected, f.found
  FROM installment_plans AS p
 CROSS JOIN LATERAL (VALUES
        ('version', p.details ->> 'version', p.version::text),
        ('invoice', p.details ->> 'invoice_id', p.invoice_id::text)) AS f (what, expected, found)
"""
CHECKS = (_RECEIPTS, _LAST_DATES, _INVOICES, _NOTES, _PLANS)
"""Each selects what, expected and found."""
