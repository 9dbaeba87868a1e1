"""Looking into files in this process: what a node does in another one."""

from tansiq.gateways import traces


class InProcess:
    """The cleaner of a node, without its process."""

    def clean(self, data):
        return traces.clean(data)

    def thumbnail(self, digest, data):
        return traces.pictures.thumbnail(data)
