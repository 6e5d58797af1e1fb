"""The practice around the billing system: its events and its front desk, played from data into a running stack."""
