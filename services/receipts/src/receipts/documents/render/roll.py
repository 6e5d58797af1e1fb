"""Receipts on the 80 mm roll of a receipt printer: one column, black, as long as what it says (`RCP-4`)."""

TEMPLATE = "roll.html"
STYLE = "roll.css"
