"""The outside world: one class per system, thin; ``wire`` holds what the vendors' JSON looks like."""
