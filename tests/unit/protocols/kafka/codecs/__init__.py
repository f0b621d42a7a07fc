"""Codecs: what is written, what is read, and what a registry is asked."""
