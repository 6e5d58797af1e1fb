"""Letters that no accent can be taken from, as ł, ø and ß, are found as they are typed without them (`INV-18`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_stroked_letters"
down_revision = "20261129_claim_needs"
branch_labels = None
depends_on = None

# Unicode takes ó apart into o and its accent, but not ł: whoever looks for Łukasz types lukasz.
SEARCH_WORDS = r"""
CREATE OR REPLACE FUNCTION search_words(told text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT left(regexp_replace(word, '^0+(?=[0-9]+$)', ''), 40) COLLATE "C"
      FROM regexp_split_to_table(
               replace(replace(replace(replace(
                   translate(
                       regexp_replace(normalize(lower(told COLLATE "pg_c_utf8"), NFKD), '[\u0300-\u036f]', '', 'g'),
                       'łøđðħŧı', 'loddhti'),
                   'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
               '[^[:alnum:]]+') AS word
     WHERE word <> ''
$$
"""
STROKED = "[łøđðħŧıßæœþ]"
OF_INVOICES = f"""
SELECT rebuild_invoice_words(array_agg(DISTINCT invoice_id)) FROM invoice_words
 WHERE word ~ '{STROKED}' HAVING count(*) > 0
"""  # noqa: S608 - a constant
OF_PATIENTS = f"""
WITH gone AS (DELETE FROM patient_words WHERE word ~ '{STROKED}' RETURNING clinic_id, patient_id, word)
INSERT INTO patient_words (clinic_id, patient_id, word)
SELECT DISTINCT g.clinic_id, g.patient_id, w FROM gone g CROSS JOIN LATERAL search_words(g.word) AS w
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - a constant
KEPT = ("invoices", "invoice_lines", "notes", "invoice_words", "patient_words")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(SEARCH_WORDS)
    for table in KEPT:  # the owner is bound by row-level security too: lifted while the words of all clinics are made
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(OF_INVOICES)
    op.execute(OF_PATIENTS)
    for table in KEPT:
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
