"""Patron's settings: one file, from the environment only (see docs/reference/settings.md). Zero configuration starts a local Patron."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from patron.config import database, environment
from patron.config.version import VERSION

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("PATRON_DATA_DIR", "data")).resolve()
SECRET_KEY = environment.secret_key(DATA_DIR)
PATRON_VERSION = VERSION
DEBUG = environment.boolean("PATRON_DEBUG", False)
ALLOWED_HOSTS = environment.words("PATRON_HOSTS", "127.0.0.1,localhost,[::1]")
BASE_URL = environment.text("PATRON_URL", f"http://127.0.0.1:{environment.text('PORT', '8000')}")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = BASE_URL.startswith("https://")

# --- Database ---------------------------------------------------------------------------------------------------------
PATRON_APP_ROLE = environment.text("PATRON_APP_ROLE", "patron_app")
PATRON_READER_ROLE = environment.text("PATRON_READER_ROLE", "patron_reader")
PATRON_APP_PASSWORD = database.app_password(SECRET_KEY)
DATABASES: dict[str, Any] = {
    "default": database.settings_for(
        environment.text("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/patron"),
        role=environment.text("PATRON_DATABASE_ROLE", "app"),
        app_role=PATRON_APP_ROLE,
        password=PATRON_APP_PASSWORD,
    )
}
PATRON_OWNER = database.parse(environment.text("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/patron"))  # see kernel.db.owner
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PATRON_WORKSPACE_MODEL = "identity.Workspace"
AUTH_USER_MODEL = "identity.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique without regard to case: by a constraint on lower(email)

# --- Application ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "patron.kernel.apps.KernelConfig",
    "patron.identity.apps.IdentityConfig",
    "patron.ledger.apps.LedgerConfig",
    "patron.records.apps.RecordsConfig",
    "patron.automation.apps.AutomationConfig",
    "patron.collab.apps.CollabConfig",
    "patron.customers.apps.CustomersConfig",
    "patron.catalog.apps.CatalogConfig",
    "patron.sales.apps.SalesConfig",
    "patron.flows.apps.FlowsConfig",
    "patron.reports.apps.ReportsConfig",
    "patron.quality.apps.QualityConfig",
    "patron.setup.apps.SetupConfig",
    "patron.api.apps.ApiConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "patron.api.door.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "patron.kernel.web.ErrorPages",
    "patron.identity.middleware.WorkspaceMiddleware",
]
ROOT_URLCONF = "patron.config.urls"
WSGI_APPLICATION = "patron.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "patron.kernel.jinja.environment", "context_processors": ["patron.kernel.web.page_context"]},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",  # allauth's own e-mails
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.messages.context_processors.messages"]},
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

# --- Time and language ------------------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]

# --- Static files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = environment.text("PATRON_STATIC_ROOT") or None  # pages are served from the packages themselves unless a folder is collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
FILE_UPLOAD_HANDLERS = ["patron.kernel.multipart.Uploads"]
PATRON_FILE_MEGABYTES = environment.number("PATRON_FILE_MEGABYTES", 50)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Sign-in ----------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["patron.identity.sessions.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "patron.identity.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip", "reset_password": "20/m/ip,5/m/key"}
ACCOUNT_TEMPLATE_EXTENSION = "html"
MFA_ADAPTER = "patron.identity.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Patron"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}}
SESSION_ENGINE = "patron.identity.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "patron.kernel.web.csrf_failure"

# --- API --------------------------------------------------------------------------------------------------------------
PATRON_API_RATE = environment.number("PATRON_API_RATE", 1200)  # requests per minute and key

# --- Mail -------------------------------------------------------------------------------------------------------------
EMAIL_HOST = environment.text("PATRON_MAIL_HOST")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.console.EmailBackend"
EMAIL_PORT = environment.number("PATRON_MAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("PATRON_MAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("PATRON_MAIL_PASSWORD")
EMAIL_USE_TLS = environment.boolean("PATRON_MAIL_TLS", False)
DEFAULT_FROM_EMAIL = environment.text("PATRON_MAIL_FROM", "patron@localhost")

# --- Hardening --------------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.boolean("PATRON_BEHIND_PROXY", False) else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}

# --- Webhooks ---------------------------------------------------------------------------------------------------------
PATRON_WEBHOOK_LOOPBACK = environment.boolean("PATRON_WEBHOOK_LOOPBACK", DEBUG)  # http:// and this machine as receivers: development and tests
PATRON_WEBHOOK_PAUSES = (5, 30, 120, 600, 3600, 10_800, 36_000)  # seconds before each further attempt; after the last one it is given up
PATRON_WEBHOOK_TIMEOUT = 10.0  # seconds for one attempt as a whole
PATRON_WEBHOOK_ANSWER = 1024  # bytes of an answer that are kept
PATRON_WEBHOOK_AT_ONCE = 16  # requests at the same time to one webhook; one alone to a webhook that keeps failing
PATRON_WEBHOOK_LEASE = 90  # seconds after which what a dead process had claimed is sent by another
PATRON_WEBHOOK_OVERLAP = 24  # hours for which a replaced secret still signs
PATRON_WEBHOOK_KEEP = 30  # days for which deliveries are kept

# --- Jobs and logs ----------------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("PATRON_LOG_LEVEL", "WARNING")},
}
