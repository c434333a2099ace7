"""Use cases in the order a life passes. Each does all of its work in one transaction or none of it."""
