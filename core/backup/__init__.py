"""One file that holds a whole installation's data, and the way back; works across both engines.

In it: every table from one snapshot, the attachments, the log's checkpoints, a manifest with counts
and hashes. Not in it: the keyring, without which the encrypted fields cannot be read. Keep that apart.
"""
