"""What the private page and the console share: headers, sessions, CSRF, body caps. It knows no side and no person."""
