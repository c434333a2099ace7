"""ODK XPath, compiled once to small functions. Evaluates nothing but the closed grammar and functions written here."""
