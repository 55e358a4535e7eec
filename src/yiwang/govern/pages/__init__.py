"""Pages of governing: for residents (report, track) and for the desk (list, one incident)."""

from yiwang.govern.pages.export import pages as export_pages
from yiwang.govern.pages.files import pages as file_pages
from yiwang.govern.pages.incident import pages as incident_pages
from yiwang.govern.pages.listing import pages as list_pages
from yiwang.govern.pages.report import pages as report_pages
from yiwang.govern.pages.track import pages as track_pages

ROUTERS = (report_pages, track_pages, export_pages, list_pages, file_pages, incident_pages)
