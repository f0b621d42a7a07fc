"""The original's examples in Python, each in a module named after its heading."""
