"""Files kept beside a record, by content hash."""
