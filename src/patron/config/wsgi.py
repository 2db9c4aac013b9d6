"""What the web server calls: `patron.config.wsgi:application`."""

import os
import warnings

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.config.settings")
# Static files are served from where they lie; STATIC_ROOT exists only where somebody ran collectstatic.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)

application = get_wsgi_application()
