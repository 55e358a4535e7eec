"""Places, organisations, posts and the people in them.

Look things up in ``rt.part(Directory)``; change them through the calls of `actions`; load a city with `load_city`.
"""

from yiwang.kernel.orgs.directory import Directory
from yiwang.kernel.orgs.errors import (
    AlreadyHolder,
    CityInvalid,
    CodeTaken,
    DivisionRetired,
    NotHolder,
    PeriodInvalid,
    PostClosed,
    StillInUse,
    UnknownDivision,
    UnknownOrg,
    UnknownPost,
)
from yiwang.kernel.orgs.history import PastAppointment, post_history
from yiwang.kernel.orgs.load import LoadReport, OtherCity, load_city
from yiwang.kernel.orgs.model import (
    CITY,
    COMMUNITY,
    DISTRICT,
    GRID,
    ROLES,
    STREET,
    Category,
    Delegation,
    Division,
    HeldPost,
    Org,
    Period,
    Post,
)

__all__ = [
    "CITY",
    "COMMUNITY",
    "DISTRICT",
    "GRID",
    "ROLES",
    "STREET",
    "AlreadyHolder",
    "Category",
    "CityInvalid",
    "CodeTaken",
    "Delegation",
    "Directory",
    "Division",
    "DivisionRetired",
    "HeldPost",
    "LoadReport",
    "NotHolder",
    "Org",
    "OtherCity",
    "PastAppointment",
    "Period",
    "PeriodInvalid",
    "Post",
    "PostClosed",
    "StillInUse",
    "UnknownDivision",
    "UnknownOrg",
    "UnknownPost",
    "load_city",
    "post_history",
]
