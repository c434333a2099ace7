"""The stand-in: what it refuses, what it delivers, what its people do."""
