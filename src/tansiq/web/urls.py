"""Every address of a node's pages, as the sections declare them."""

from tansiq.web.shell.sections import addresses

urlpatterns = [one.pattern for _, one in addresses().values()]

handler400 = "tansiq.web.shell.page.malformed"
handler404 = "tansiq.web.shell.page.not_found"
handler500 = "tansiq.web.shell.page.failed"
