"""Writes: one act, one transaction."""
