"""The reform programme as plain values: when its projects will be done, and how well that was said
before.
"""
