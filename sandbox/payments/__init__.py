"""A payment provider of its own that speaks Stripe's wire format (API version 2026-05-27.dahlia).

It keeps its own books in the PostgreSQL schema `sandbox`, has its own clock, and imports nothing of the
product: it stands where the real provider would stand, and its books are the oracle of the money tests.
"""
