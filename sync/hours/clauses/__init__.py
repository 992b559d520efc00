"""The clause reader: what a contract's own words say about hours, or the question to ask (requirement B4)."""
