"""The kernel's own pages: each module has ``pages``, a router."""

from yiwang.web.pages import home, kept, prefs, search, status, styleguide

ROUTERS = (home.pages, prefs.pages, status.pages, search.pages, kept.pages, styleguide.pages)
