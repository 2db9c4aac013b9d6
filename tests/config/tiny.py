"""Settings and pages of a very small Django site, to try starting and stopping without Patron's own apps."""

import os
import threading
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from patron.config import database, environment

SECRET_KEY = environment.secret_key(Path(os.environ["PATRON_DATA_DIR"]))
PATRON_APP_ROLE, PATRON_READER_ROLE = "patron_app", "patron_reader"
PATRON_APP_PASSWORD = database.app_password(SECRET_KEY)
DATABASES: dict[str, Any] = {
    "default": database.settings_for(
        os.environ["DATABASE_URL"], role=os.environ["PATRON_DATABASE_ROLE"], app_role=PATRON_APP_ROLE, password=PATRON_APP_PASSWORD
    )
    | {"ENGINE": "django.db.backends.postgresql"}
}
PATRON_OWNER = database.parse(os.environ["DATABASE_URL"])
INSTALLED_APPS = ["django.contrib.contenttypes", "procrastinate.contrib.django"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.config.tiny"
USE_TZ = True


def hello(request: HttpRequest) -> HttpResponse:
    """Who answers, as which role of the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
    return HttpResponse(f"{os.getpid()} {role} {threading.active_count()}")


urlpatterns: list[URLPattern] = [path("", hello)]


@app.task(name="tests.slow", retry=RetryStrategy(max_attempts=4, wait=1))
def slow() -> None:
    """Two rows in one transaction, two seconds apart."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects VALUES (1, 1)")
        cursor.execute("SELECT pg_sleep(2)")
        cursor.execute("INSERT INTO effects VALUES (1, 2)")
