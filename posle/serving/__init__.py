"""One side's running process: web application, ticks and replies, wired together. It knows all the others."""
