"""Due dates in calendar or working days, each with its proof; warnings and escalation (CORE-10, CORE-25)."""
