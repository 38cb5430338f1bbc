"""QR passes: signed tokens, their issue, revocation, re-issue and print."""
