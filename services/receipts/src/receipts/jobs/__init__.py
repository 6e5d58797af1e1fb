"""What happens on the clock, and beside the requests and messages: the rendering."""
