"""The console's pages, a module for each part of the work; the table of all of them is in `staff.table`."""
