"""The patients as the register has them, and the words by which they are found (`INV-18`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261129_patients"
down_revision = "20261129_reports_by_day"
branch_labels = None
depends_on = None

PATIENTS = """
CREATE TABLE patients (
    clinic_id     uuid NOT NULL,
    patient_id    uuid NOT NULL,
    version       bigint NOT NULL,
    given_name    text NOT NULL,
    family_name   text NOT NULL,
    birth_date    date,
    chart_number  text,
    PRIMARY KEY (clinic_id, patient_id)
)
"""
BY_BIRTH = "CREATE INDEX patients_by_birth ON patients (clinic_id, birth_date, patient_id) WHERE birth_date IS NOT NULL"
# As `invoice_words`: an index by words as a table, whose comparisons are leakproof.
WORDS = """
CREATE TABLE patient_words (
    clinic_id   uuid NOT NULL,
    patient_id  uuid NOT NULL,
    word        text COLLATE "C" NOT NULL,
    PRIMARY KEY (clinic_id, patient_id, word)
)
"""
FOUND = "CREATE INDEX patient_words_found ON patient_words (clinic_id, word, patient_id)"
# The database keeps the words. A name of several patients of two clinics is each clinic's own.
SAID = """
CREATE FUNCTION words_of_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM patient_words WHERE clinic_id = NEW.clinic_id AND patient_id = NEW.patient_id;
    INSERT INTO patient_words (clinic_id, patient_id, word)
    SELECT NEW.clinic_id, NEW.patient_id, w
      FROM search_words(concat_ws(' ', NEW.given_name, NEW.family_name, NEW.chart_number)) AS w;
    RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER words_said AFTER INSERT ON patients FOR EACH ROW EXECUTE FUNCTION words_of_patient()",
    (
        "CREATE TRIGGER words_changed AFTER UPDATE ON patients FOR EACH ROW "
        "WHEN ((OLD.given_name, OLD.family_name, OLD.chart_number) "
        "IS DISTINCT FROM (NEW.given_name, NEW.family_name, NEW.chart_number)) EXECUTE FUNCTION words_of_patient()"
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (PATIENTS, BY_BIRTH, WORDS, FOUND, SAID, *TRIGGERS):
        op.execute(statement)
    protect(op, "patients", ("SELECT", "INSERT", "UPDATE"))
    protect(op, "patient_words", ("SELECT", "INSERT", "DELETE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
