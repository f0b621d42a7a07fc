"""Arguments, signals and exit codes."""
