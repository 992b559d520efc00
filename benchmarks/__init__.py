"""What csh-sync costs: real processes against the sandbox, counted by the sandbox. Run by ``python -m benchmarks``."""
