"""Receipts on the 80 mm roll of a receipt printer: one column, black, as long as what it says (`RCP-4`)."""

from receipts.documents.render.kinds import ROLL, TEMPLATES

TEMPLATE = TEMPLATES[ROLL]
STYLE = "roll.css"
