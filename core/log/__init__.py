"""The append-only record of every act, chained and signed so that tampering is found."""
