"""What money is to a clinic: payments, what they settle, patient credit, and the journal of it all."""
