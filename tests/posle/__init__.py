"""What only posle/ does: settings, the command line, doctor, the folder of a side."""
