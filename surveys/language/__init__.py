"""What people read and what they type: scripts, catalogues, understanding of replies. A reply is never guessed."""
