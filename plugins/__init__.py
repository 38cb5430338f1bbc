"""Domains that extend the core; each a package of its own."""
