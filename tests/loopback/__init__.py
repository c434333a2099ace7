"""The guard that keeps every test, and every Python process that a test starts, on this machine."""
