"""Everything that speaks HTTP or HTML, and the command line."""
