"""Reads: rows to facts, lists and pages. Nothing here writes."""
