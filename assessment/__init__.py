"""The ex-post assessment, from both sides' exports, on the evaluator's machine. It reads no database and no address."""
