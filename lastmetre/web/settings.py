"""Settings: everything that differs between installations comes from the environment.

`lastmetre serve` sets what is missing (embedded database, key file), so a fresh machine needs none of it.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from lastmetre.web.secrets import secret_key

PACKAGE = Path(__file__).resolve().parents[1]
DATA_FOLDER = Path(os.environ.get("LASTMETRE_DATA", Path.cwd() / "data"))
KEY_FILE = Path(os.environ.get("LASTMETRE_KEYS", DATA_FOLDER / "keys.json"))
STATIC_ROOT = Path(os.environ.get("LASTMETRE_STATIC", DATA_FOLDER / "static"))
PUBLIC_URL = os.environ.get("LASTMETRE_PUBLIC_URL", "")
"""The address that phones reach, such as https://lastmetre.example; '' while only this machine can."""

IS_PUBLIC = PUBLIC_URL.startswith("https://")
DEBUG = False
SECRET_KEY = secret_key(KEY_FILE)
ALLOWED_HOSTS = os.environ.get("LASTMETRE_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if IS_PUBLIC else []

INSTALLED_APPS = [
    "lastmetre.web",
    "lastmetre.ground.protection",
    "lastmetre.ground.journal",
    "lastmetre.ground.places",
    "lastmetre.ground.people",
    "lastmetre.ground.goods",
    "lastmetre.chain.ledger",
    "lastmetre.chain.orders",
    "lastmetre.chain.allocation",
    "lastmetre.chain.purchase",
    "lastmetre.chain.transport",
    "lastmetre.chain.gate",
    "lastmetre.chain.sorting",
    "lastmetre.chain.doorstep",
    "lastmetre.chain.settlement",
    "django.contrib.postgres",
    "django.forms",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lastmetre.web.policy.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lastmetre.web.middleware.TheDoor",
]

ROOT_URLCONF = "lastmetre.web.urls"
WSGI_APPLICATION = "lastmetre.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "lastmetre.web.homes.frame.frame",
            ],
            # The words and components that nearly every template uses need no load line.
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lastmetre.web.templatetags.ui",
            ],
        },
    }
]
FORM_RENDERER = "lastmetre.web.forms.Renderer"
CSRF_FAILURE_VIEW = "lastmetre.web.errors.stale_form"
HELP_PHONE = os.environ.get("LASTMETRE_HELP_PHONE", "")
"""Whom a page names when something fails; '' refers to the notice at the entrance."""


def database(url: str, *, pooled: bool) -> dict[str, object]:
    """Turn a connection string into Django's settings; psycopg knows every form of it."""
    given = conninfo_to_dict(url)
    options: dict[str, object] = {
        # Without limits a cut network would hang a request for minutes (trust.md 8).
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": 8000,
        **{
            name: value
            for name, value in given.items()
            if name not in {"host", "port", "user", "password", "dbname"}
        },
    }
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 8, "reconnect_timeout": 2}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname", ""),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        # A pooled connection that died with the server is replaced before a request meets it.
        "CONN_HEALTH_CHECKS": True,
    }


_url = os.environ.get("DATABASE_URL", "postgresql://lastmetre_app@localhost/lastmetre")
_owner_url = os.environ.get("DATABASE_OWNER_URL", "")
APPLICATION_ROLE = str(conninfo_to_dict(_url).get("user", "lastmetre_app"))
# Migrations run in a process of their own, as the owner of the tables; nothing else does.
AS_OWNER = bool(os.environ.get("LASTMETRE_AS_OWNER"))
DATABASES = {"default": database(_owner_url if AS_OWNER else _url, pooled=not AS_OWNER)}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
# Before the first collection (tests, a source tree) files are served from where they lie.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
MAP_TILES = os.environ.get("LASTMETRE_MAP_TILES", "")
"""Address of a tile server such as https://tiles.example/{z}/{x}/{y}.png; '' draws our own shapes only."""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lastmetre.web.collect.Storage"},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CSRF_COOKIE_SECURE = IS_PUBLIC
DEVICE_COOKIE = "__Host-device" if IS_PUBLIC else "device"
DUTY_TEST_HOURS = int(os.environ.get("LASTMETRE_DUTY_TEST_HOURS", "48"))
"""How old a helper's last negative test may be (FC8); 0: tests are not asked for."""
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("LASTMETRE_BEHIND_PROXY") else None
)
SECURE_HSTS_SECONDS = 31_536_000 if IS_PUBLIC else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
CARRIERS = tuple(os.environ.get("LASTMETRE_CARRIERS", "log").split(","))
"""Who takes notices out of the product (`chain.orders.carriers`)."""
REVEALS_BEFORE_ALARM = 20
REVEAL_WINDOW = timedelta(minutes=10)
"""Who reads the personal data of so many homes in this time raises an alarm (trust.md 18)."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Refusals (4xx) are not logged: their addresses may hold links that sign somebody in.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LASTMETRE_LOG", "WARNING")},
}
