"""The command line. Each command imports the engine or the console only when it needs it."""
