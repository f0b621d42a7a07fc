"""What happened: events, the log, the live summary."""
