"""One module per `patron` command, each with a click command named `command`."""
