"""Items passed to those who answer for them: transfer, assignment, the unit's work, the result's check."""
