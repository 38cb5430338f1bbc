"""Contractors: workers of other firms, let in with a valid work permit."""
