"""Tests of what talks to people, over real connections on the loopback."""
