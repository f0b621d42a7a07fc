"""When users start: pure arithmetic over injection plans."""
