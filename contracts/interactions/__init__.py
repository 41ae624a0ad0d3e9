"""Recorded and live HTTP interactions: reading, redacting, writing, and the polite live client."""
