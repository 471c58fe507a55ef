"""Searching: many variants of one network through the same rules, and the settings that give a wanted number."""
