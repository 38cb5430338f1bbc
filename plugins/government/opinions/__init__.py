"""Opinions on an item and what follows them: delivery, review, re-review, more time, the end."""
