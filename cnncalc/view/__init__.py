"""Showing: tables, text, Markdown, LaTeX, HTML, JSON and CSV. Nothing here computes a number."""
