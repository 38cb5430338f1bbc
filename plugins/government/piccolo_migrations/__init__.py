"""Migrations of the petition office's tables."""
