"""The command line. Imports the engine and the console only where a command needs them."""
