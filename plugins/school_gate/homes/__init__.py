"""The first pages of the school's roles: what is due from each now, and the first act of it."""
