"""Names without a space are found family first and given first, umlauts within a name of parts with their e (`INV-18`).

The words of patients from before are made a few at once, each set committed by itself: nobody waits for all of them.
"""

from __future__ import annotations

from uuid import UUID

from alembic import op
from sqlalchemy import text

revision = "20261201_names_in_order"
down_revision = "20261201_write_offs_deferred"
branch_labels = None
depends_on = None

PATIENTS_AT_ONCE = 500
# Han, kana, Hangul and their extensions: whoever writes a name in them puts the family first, and no space.
UNSPACED = (
    r"\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
WHOLE_NAME = rf"""
CREATE FUNCTION whole_name(first text, second text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(concat(first, second) COLLATE "pg_c_utf8", '[^[:alnum:]]+', '', 'g')
     WHERE concat(first, second) COLLATE "pg_c_utf8" ~ '[{UNSPACED}]'
$$
"""
# As before, and each of these ways with umlauts written out; a letter that was written out is found without it, too.
NAME_WORDS = r"""
CREATE OR REPLACE FUNCTION name_words(given text, family text, chart text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH typed AS (
        SELECT concat_ws(' ', given, family, chart) AS form
         UNION SELECT joined_name(concat_ws(' ', given, family, chart))
         UNION SELECT regexp_replace(joined_name(given), '\s+', '', 'g')
         UNION SELECT regexp_replace(joined_name(family), '\s+', '', 'g')
         UNION SELECT regexp_replace(joined_name(chart), '\s+', '', 'g')
         UNION SELECT whole_name(family, given)
         UNION SELECT whole_name(given, family)
         UNION SELECT regexp_replace(concat_ws(' ', given, family) COLLATE "pg_c_utf8",
                                     '([[:lower:]]|\m[[:upper:]])(?=[[:upper:]][[:lower:]])', '\1 ', 'g')),
    forms AS (SELECT form FROM typed UNION SELECT written_out(form) FROM typed),
    words AS (SELECT name_word(w) AS word FROM forms f CROSS JOIN LATERAL search_words(f.form) AS w)
    SELECT word FROM words
     UNION SELECT regexp_replace(word, '^ma?c', '') COLLATE "C" FROM words WHERE word ~ '^ma?c[a-z]{3}'
     UNION SELECT regexp_replace(word, '([aou])e', '\1', 'g') COLLATE "C" FROM words WHERE word ~ '[aou]e'
     UNION SELECT replace(word, 'aa', 'a') COLLATE "C" FROM words WHERE word ~ 'aa'
     UNION SELECT replace(regexp_replace(word, '([aou])e', '\1', 'g'), 'aa', 'a') COLLATE "C" FROM words
            WHERE word ~ 'aa' AND word ~ '[aou]e'
$$
"""
# A walk over the index: a clinic may have patients before it has settings, and so before it is in the directory.
CLINICS = text(
    """
    WITH RECURSIVE found AS (
        (SELECT clinic_id FROM patients ORDER BY clinic_id LIMIT 1)
         UNION ALL
        SELECT (SELECT p.clinic_id FROM patients p WHERE p.clinic_id > f.clinic_id ORDER BY p.clinic_id LIMIT 1)
          FROM found f WHERE f.clinic_id IS NOT NULL)
    SELECT clinic_id FROM found WHERE clinic_id IS NOT NULL
    """
)
AS_CLINIC = text("SELECT set_config('app.clinic_ids', :clinic_id, false)")
# Only letters beyond ASCII, and an aa, in capitals or across what is left out within a name, have words that are new.
# Who is renamed or forgotten meanwhile waits for this set or is found as they are then, for their rows are locked.
FILL = text(
    """
    WITH few AS MATERIALIZED (
            SELECT clinic_id, patient_id, given_name, family_name, chart_number FROM patients
             WHERE clinic_id = CAST(:clinic_id AS uuid) AND patient_id > CAST(:after AS uuid)
             ORDER BY patient_id LIMIT :most FOR SHARE),
         written AS (
            INSERT INTO patient_words (clinic_id, patient_id, word)
            SELECT s.clinic_id, s.patient_id, w
              FROM few s CROSS JOIN LATERAL name_words(s.given_name, s.family_name, s.chart_number) AS w
             WHERE regexp_replace(concat_ws(chr(10), s.given_name, s.family_name, s.chart_number),
                                  '[[:blank:][:punct:]]', '', 'g') ~* '[^\\u0001-\\u007f]|aa'
                ON CONFLICT DO NOTHING)
    SELECT patient_id FROM few ORDER BY patient_id DESC LIMIT 1
    """
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION IF EXISTS whole_name(text, text)")  # what an interrupted attempt has left behind
    op.execute(WHOLE_NAME)
    op.execute(NAME_WORDS)
    op.execute("ALTER TABLE patients NO FORCE ROW LEVEL SECURITY")  # to see which clinics there are
    clinic_ids = op.get_bind().execute(CLINICS).scalars().all()
    op.execute("ALTER TABLE patients FORCE ROW LEVEL SECURITY")
    with op.get_context().autocommit_block():
        for clinic_id in clinic_ids:
            _make_words_of(str(clinic_id))
        op.get_bind().execute(AS_CLINIC, {"clinic_id": ""})


def _make_words_of(clinic_id: str) -> None:
    op.get_bind().execute(AS_CLINIC, {"clinic_id": clinic_id})
    after: UUID | None = UUID(int=0)
    while after is not None:
        wanted = {"clinic_id": clinic_id, "after": str(after), "most": PATIENTS_AT_ONCE}
        after = op.get_bind().scalar(FILL, wanted)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
