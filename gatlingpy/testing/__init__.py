"""Fakes and contracts for users and plugin authors."""
