"""The tables and the collections that read and write them."""
