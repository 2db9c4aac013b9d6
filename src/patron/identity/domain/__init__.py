"""Verbs of identity: founding a workspace, inviting people, giving roles."""
