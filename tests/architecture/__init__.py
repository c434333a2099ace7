"""What the code must look like: layers, sizes, words, and the guard of the tests themselves."""
