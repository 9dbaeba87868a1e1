"""Sittings are called sessions."""

from django.db import migrations


class Migration(migrations.Migration):
    """Keeps who has signed on."""

    dependencies = (("accounts", "0001_initial"),)
    operations = (migrations.RenameModel("Sitting", "OpenSession"),)
