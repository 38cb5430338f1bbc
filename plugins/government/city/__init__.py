"""The demonstration of a city: its units, their staff, fourteen months of petition items."""
