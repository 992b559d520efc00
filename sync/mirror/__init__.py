"""Pure: what should be, how that differs from what is, and when the difference is too large to be true."""
