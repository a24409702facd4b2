"""A carrier, rehearsed: speaks EasyPost's wire format, with books of its own.

The description it follows: https://docs.easypost.com (API v2).
"""
