"""Whom this node believes: partners, the papers of their keys, links that stop and begin anew."""
