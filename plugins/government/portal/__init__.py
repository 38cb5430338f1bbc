"""What a city's own portal does for petitioners by the JSON API: hand in, ask how it stands."""
