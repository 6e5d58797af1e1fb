"""What payments listens to: each event in a file of its own, and nowhere else."""
