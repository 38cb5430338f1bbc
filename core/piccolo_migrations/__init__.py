"""Migrations of the core, in the order of their names."""
