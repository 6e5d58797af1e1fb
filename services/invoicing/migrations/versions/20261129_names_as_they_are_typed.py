"""Names are found however what stands within them is typed, chart numbers without their zeros (`INV-18`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_names_typed"
down_revision = "20261129_stroked_letters"
branch_labels = None
depends_on = None

# What stands within a name and is left out as often as not: O'Brien, Okafor-Nunez, J.R. Before anything else is done to
# the text, as NFKD takes some of these apart.
JOINED = r"""
CREATE FUNCTION joined_name(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
               told COLLATE "pg_c_utf8",
               '[''`.\u00b4\u00b7\u02b9\u02bb\u02bc\u2010-\u2013\u2018\u2019\u201b\u2032\uff07-]', '', 'g')
$$
"""
# C-00042 is C42 to whoever reads it out.
NAME_WORD = r"""
CREATE FUNCTION name_word(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(word, '([a-z])0+([0-9])', '\1\2', 'g') COLLATE "C"
$$
"""
# Müller is written Mueller where there is no ü, and so is Sørensen.
WRITTEN_OUT = r"""
CREATE FUNCTION written_out(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT replace(replace(replace(replace(replace(lower(normalize(told, NFC) COLLATE "pg_c_utf8"),
               'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ø', 'oe'), 'å', 'aa')
$$
"""
# Every way in which a name is likely to be typed is a word of its own, so that what is asked for is looked up as it is:
# each part (o, brien), the parts as one (obrien), a whole name of several words as one (vanderberg), what a capital
# within a word begins (OBrien, McDonald), and umlauts with and without their e.
NAME_WORDS = r"""
CREATE FUNCTION name_words(given text, family text, chart text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH forms AS (
        SELECT concat_ws(' ', given, family, chart) AS form
         UNION SELECT joined_name(concat_ws(' ', given, family, chart))
         UNION SELECT regexp_replace(joined_name(given), '\s+', '', 'g')
         UNION SELECT regexp_replace(joined_name(family), '\s+', '', 'g')
         UNION SELECT regexp_replace(joined_name(chart), '\s+', '', 'g')
         UNION SELECT regexp_replace(concat_ws(' ', given, family) COLLATE "pg_c_utf8",
                                     '([[:lower:]]|\m[[:upper:]])(?=[[:upper:]][[:lower:]])', '\1 ', 'g')
         UNION SELECT written_out(joined_name(concat_ws(' ', given, family)))),
    words AS (SELECT name_word(w) AS word FROM forms f CROSS JOIN LATERAL search_words(f.form) AS w)
    SELECT word FROM words
     UNION SELECT regexp_replace(word, '^ma?c', '') COLLATE "C" FROM words WHERE word ~ '^ma?c[a-z]{3}'
     UNION SELECT regexp_replace(word, '([aou])e', '\1', 'g') COLLATE "C" FROM words WHERE word ~ '[aou]e'
$$
"""
SAID = """
CREATE OR REPLACE FUNCTION words_of_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM patient_words WHERE clinic_id = NEW.clinic_id AND patient_id = NEW.patient_id;
    INSERT INTO patient_words (clinic_id, patient_id, word)
    SELECT NEW.clinic_id, NEW.patient_id, w
      FROM name_words(NEW.given_name, NEW.family_name, NEW.chart_number) AS w;
    RETURN NULL;
END $$
"""
FILL = """
INSERT INTO patient_words (clinic_id, patient_id, word)
SELECT p.clinic_id, p.patient_id, w
  FROM patients p CROSS JOIN LATERAL name_words(p.given_name, p.family_name, p.chart_number) AS w
    ON CONFLICT DO NOTHING
"""
KEPT = ("patients", "patient_words")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (JOINED, NAME_WORD, WRITTEN_OUT, NAME_WORDS, SAID):
        op.execute(statement)
    for table in KEPT:  # the owner is bound by row-level security too: lifted while the words of all clinics are made
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(FILL)
    for table in KEPT:
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
