"""Tansiq: the software that a joint coordination centre runs on."""

__version__ = "0.1.0"
