"""Checks what leaves for a provider against the provider's own description."""
