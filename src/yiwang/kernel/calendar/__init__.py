"""Working time: which days and hours a city's offices work, and deadlines counted in them.

The calendar and the time zone belong to the city (``cities/<code>/city.toml`` and ``calendar.toml``).
"""

from yiwang.kernel.calendar.city import City, UnknownCity, cities_root, city_folder
from yiwang.kernel.calendar.config import load_calendar, work_calendar
from yiwang.kernel.calendar.span import Span, SpanInvalid, Unit
from yiwang.kernel.calendar.working import OutOfCalendar, WorkCalendar

__all__ = [
    "City",
    "OutOfCalendar",
    "Span",
    "SpanInvalid",
    "Unit",
    "UnknownCity",
    "WorkCalendar",
    "cities_root",
    "city_folder",
    "load_calendar",
    "work_calendar",
]
