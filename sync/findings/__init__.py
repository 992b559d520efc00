"""What a person should look at: pure, one small function per check, all listed in `checks.py`."""
