"""Places where people are received: sites and their gates."""
