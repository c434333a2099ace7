"""The private web page: an edge of its own. It knows HTTP and HTML and nothing of who is asked or why."""
