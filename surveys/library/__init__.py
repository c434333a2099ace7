"""Shipped data, per side and versioned: instruments, protocol, consent texts, helplines, centres. No code lives here."""
