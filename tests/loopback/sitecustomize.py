"""Loaded by every Python process that a test starts: it is guarded like the test itself."""

from loopback_guard import install  # type: ignore[import-not-found] # this folder is on the path of such a process

install()
