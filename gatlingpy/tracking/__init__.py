"""Every request ends exactly once."""
