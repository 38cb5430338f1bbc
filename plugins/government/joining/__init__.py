"""Two records of one petitioner joined by hand, and parted again."""
