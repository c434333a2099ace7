"""What people read and what they type: scripts, catalogues, understanding of replies. Pure; a reply is never guessed."""
