"""A gate under load: data, a server process and lean clients, for the faults' harness and the bench."""
