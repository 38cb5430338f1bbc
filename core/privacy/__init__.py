"""Personal data: encryption, masking, retention, export and erasure."""
