"""The IATI standard 2.03: activities written as XML, and checked before they leave, off line."""

from tansiq.gateways.iati.checking import faults
from tansiq.gateways.iati.writing import document

__all__ = ["Iati", "document", "faults"]


class Iati:
    """Writes and checks for a desk (``desk.reform.publishing.Publisher``)."""

    document = staticmethod(document)
    faults = staticmethod(faults)
