"""A protocol without a network: the smallest one, and the tutorial."""
