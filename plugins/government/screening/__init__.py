"""What becomes of an item on its first day: suggestion, acceptance, refusal, answer, interview."""
