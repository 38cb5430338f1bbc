"""Units that answer for items: counties, departments, the office itself; their staff."""
