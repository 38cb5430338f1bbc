"""Several units at one table: coordination with plan and minutes, joint reception with calls."""
