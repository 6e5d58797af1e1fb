"""What stands around the services on one machine: a token issuer, a mail catcher, a collector of traces."""
