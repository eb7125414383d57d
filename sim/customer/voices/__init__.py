"""Voices: written lines, a local model in a child process, later a remote one."""
