"""School gate: badges of pupils and staff, the gate's timetable, parents and other visitors."""
