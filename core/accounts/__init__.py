"""Users, their roles, sessions, PINs, API tokens and rate limits."""
