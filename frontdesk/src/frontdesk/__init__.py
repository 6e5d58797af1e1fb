"""The page where a practice's front desk works: a client of the four services, with no money and no data of its own."""
