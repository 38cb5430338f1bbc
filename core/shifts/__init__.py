"""Shifts at a gate or desk: taken over and handed over with a record that both sign (CORE-17)."""
