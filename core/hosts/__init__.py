"""People and offices that are visited (被访人)."""
