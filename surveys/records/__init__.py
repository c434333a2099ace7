"""The only place that touches the database: one noun a module. Never logs a value, never returns one still sealed."""
