"""The description of the API, made from the registry for one key."""
