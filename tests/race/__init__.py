"""Races: many clients want the same thing at once, and exactly as many get it as there is."""
