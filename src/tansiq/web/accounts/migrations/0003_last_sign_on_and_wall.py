"""A position knows when somebody last signed on there; a browser may show the wall view."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keeps two moments of each position, and of a session what it shows."""

    dependencies = (("accounts", "0002_open_sessions"),)
    operations = (
        migrations.CreateModel(
            "LastSignOn",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.CharField(max_length=32, unique=True)),
                ("at", models.BigIntegerField()),
                ("before", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField("OpenSession", "since", models.BigIntegerField(default=0)),
        migrations.AddField("OpenSession", "wall", models.BooleanField(default=False)),
    )
