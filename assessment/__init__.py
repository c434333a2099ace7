"""The ex-post assessment: from both sides' research exports to one report, on the evaluator's own machine.

It must never be loaded by a service, and never show a cell that identifies somebody.
"""
