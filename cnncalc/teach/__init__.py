"""Exercises: what is asked, what students answer, and what their mistakes say."""
