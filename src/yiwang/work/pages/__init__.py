"""Pages of working together: the inbox, one task, the small form of each verb, work on many tasks at once."""

from yiwang.work.pages.bulk import pages as bulk_pages
from yiwang.work.pages.files import pages as file_pages
from yiwang.work.pages.inbox import pages as inbox_pages
from yiwang.work.pages.task import pages as task_pages
from yiwang.work.pages.verb import pages as verb_pages

#: Words of one address part (bulk, complete) stand before the pattern of a verb.
ROUTERS = (inbox_pages, bulk_pages, file_pages, task_pages, verb_pages)
