"""For what the columns of a table are taken is kept for the next of its shape."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keeps names, shapes and columns."""

    dependencies = (("accounts", "0003_last_sign_on_and_wall"),)
    operations = (
        migrations.CreateModel(
            "KeptColumns",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("headers", models.CharField(db_index=True, max_length=64)),
                ("columns", models.TextField()),
                ("dates", models.CharField(default="", max_length=12)),
            ],
        ),
    )
