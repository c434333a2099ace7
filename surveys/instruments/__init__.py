"""XLSForm in, compiled instrument out, and the pure engine that conducts an interview. Never touches a database or a network."""
