"""XLSForm in, compiled instrument out, and the pure interview engine. Never touches a database or a network."""
