"""What the service keeps: each module reads like a collection, works on sets, and writes only inside a `Work`."""
