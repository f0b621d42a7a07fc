"""The fluent face: immutable builders that produce a plan."""
