"""What the documentation says is true: its snippets run, its links lead somewhere."""
