"""Units assessed by what is on record, ranked and commended; staff assessed by their head (GOV-51)."""
