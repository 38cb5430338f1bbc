"""Irregular events recorded on the spot, with the steps their kind prescribes (CORE-16)."""
