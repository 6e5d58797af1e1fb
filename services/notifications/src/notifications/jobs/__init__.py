"""What happens on the clock: sending what is due."""
