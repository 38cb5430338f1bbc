"""Who answers for a record: one unit at any moment, each handing over on record."""
