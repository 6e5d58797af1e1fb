"""Money that moved: payments, refunds, cancellations, patient credit and the journal."""
