"""How petitions come in: the reception desk, letters, calls, online, after-visit letters, the day list."""
