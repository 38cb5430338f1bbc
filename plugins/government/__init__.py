"""Petitions (信访): what a municipal reception room and the units that answer for items need."""
