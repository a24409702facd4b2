"""Sequences of deeds drawn by chance, through the use cases, judged by plain figures and the outside world's books."""
