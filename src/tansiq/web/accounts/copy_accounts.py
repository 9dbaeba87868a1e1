"""The accounts of one database copied into another: SQLite or PostgreSQL, either way.

The tables are made by the migrations that the source has seen and by no later ones: an older backup
comes back as it was, and is brought up to date when the node starts. Django is set up once a
process and for one node, so all this happens in a process of its own.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import Final, cast

import django
from django.conf import settings as django_settings
from django.db import DatabaseError, connections, transaction
from django.db.models import Model, QuerySet
from psycopg import IsolationLevel

from tansiq.domain.errors import StoreError
from tansiq.web.shell.site import MODELS, accounts_database

ROWS: Final = 500
_TARGET: Final = "target"
_UNKNOWN: Final = "unknown"

Accounts = Path | dict[str, str]


def move_accounts(source: Accounts, target: Accounts) -> None:
    """Copy all accounts into ``target``, which has none: whole or not at all. Raises StoreError."""
    own = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(max_workers=1, mp_context=own) as pool:
            failure = pool.submit(_move, source, target).result()
    except BrokenProcessPool as error:
        failure = str(error)
    if failure == _UNKNOWN:
        raise StoreError("backup_form")
    if failure:
        raise StoreError("database", detail=failure)


def _move(source: Accounts, target: Accounts) -> str:
    """In the process of its own; what failed, or nothing."""
    databases = {"default": accounts_database(source), _TARGET: accounts_database(target)}
    if not isinstance(source, Path):  # one moment for all its tables
        options = cast("dict[str, object]", databases["default"]["OPTIONS"])
        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    django_settings.configure(**MODELS, DATABASES=databases)
    django.setup()
    try:
        # SQLite wants that before it makes tables. References are looked at when all rows stand.
        connections[_TARGET].disable_constraint_checking()
        with transaction.atomic(), transaction.atomic(using=_TARGET):
            return _copy()
    except (DatabaseError, ValueError) as error:  # ValueError: what a field does not take
        return " ".join(str(error).split())
    finally:
        connections.close_all()


def _copy() -> str:
    from django.core.management.color import no_style
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    seen = MigrationRecorder(connections["default"]).migration_qs.order_by("id")
    steps = list(seen.values_list("app", "name"))
    executor = MigrationExecutor(connections[_TARGET])
    if not set(steps) <= set(executor.loader.graph.nodes):
        return _UNKNOWN
    apps = executor.migrate(steps).apps
    known = [apps.get_app_config(app) for app in sorted({app for app, _ in steps})]
    models = [model for app in known for model in app.get_models(include_auto_created=True)]
    for model in models:
        _copy_rows(model)
    with connections[_TARGET].cursor() as cursor:
        for statement in connections[_TARGET].ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    connections[_TARGET].check_constraints()
    return ""


def _copy_rows(model: type[Model]) -> None:
    source: QuerySet[Model, Model] = QuerySet(model)
    target: QuerySet[Model, Model] = QuerySet(model, using=_TARGET)
    rows = source.order_by("pk").iterator(ROWS)
    while page := list(islice(rows, ROWS)):
        target.bulk_create(page)
