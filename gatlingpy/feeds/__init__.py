"""Where users' data comes from, read at run time."""
