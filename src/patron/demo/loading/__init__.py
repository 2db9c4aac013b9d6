"""Puts the story into a workspace: each module writes one part of it, set by set."""
