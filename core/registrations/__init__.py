"""One visit, from expected to closed (登记)."""
