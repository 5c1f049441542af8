"""Turns a report into text, JSON, Markdown, HTML or JUnit XML; each renderer takes the full report and a hint level."""
