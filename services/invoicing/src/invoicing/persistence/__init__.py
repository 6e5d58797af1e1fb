"""What is owed, as rows: each module reads like a collection, and writes sets in one round trip."""
