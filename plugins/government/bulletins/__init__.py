"""Bulletins to leaders, counties and departments: figures, text, signatures, number (GOV-41..44)."""
