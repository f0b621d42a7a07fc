"""What will happen: frozen data; no threads, no I/O, no user code."""
