"""The assessment: statistics against hand-made cases, disclosure, and whole reports of people whose truth is known."""
