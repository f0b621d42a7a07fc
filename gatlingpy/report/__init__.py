"""Reads logs and knows nothing else."""
