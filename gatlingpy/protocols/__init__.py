"""What requests cross; each package is one protocol."""
