"""Files of items: dedicated and ordinary, contents, check-list, hand-over, destruction (GOV-48, GOV-35)."""
