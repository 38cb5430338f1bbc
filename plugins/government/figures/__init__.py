"""Figures of petition items: live reports for each reader, and the office's monthly tables (GOV-40)."""
