"""Minutes, periods and caps: pure functions over frozen values (decision D8)."""
