"""What invoicing listens to: one file for each event, or for each family that is read alike; the only readers."""
