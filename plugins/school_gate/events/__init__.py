"""Class events to which parents come: applied for, approved by two offices, guests admitted (SCH-12)."""
