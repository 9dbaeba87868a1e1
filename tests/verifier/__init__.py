"""A verifier of the partner protocol and of evidence, written from spec/ alone: it imports nothing
of Tansiq.
"""
