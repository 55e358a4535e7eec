"""What can be wrong with places, organisations and posts."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, Invalid, NotFound


class UnknownDivision(NotFound):
    """There is no division of that code."""

    key = "orgs.unknown_division"


class DivisionRetired(Invalid):
    """The national list has dropped this division; nothing new may be filed under it."""

    key = "orgs.division_retired"


class UnknownOrg(NotFound):
    """There is no organisation of that id or code."""

    key = "orgs.unknown_org"


class UnknownPost(NotFound):
    """There is no post of that id."""

    key = "orgs.unknown_post"


class PostClosed(Conflict):
    """The post or its organisation is closed; choose another one."""

    key = "orgs.post_closed"


class NotHolder(Conflict):
    """The person does not hold this post at that time."""

    key = "orgs.not_holder"


class AlreadyHolder(Conflict):
    """The person holds this post already."""

    key = "orgs.already_holder"


class PeriodInvalid(Invalid):
    """A period must end after it begins, and must not lie in the past."""

    key = "orgs.period_invalid"


class CodeTaken(Conflict):
    """An organisation or post of that code exists already."""

    key = "orgs.code_taken"


class StillInUse(Conflict):
    """It still has open posts or organisations below it; close those first."""

    key = "orgs.still_in_use"


class CityInvalid(Invalid):
    """The files of a city are wrong; every problem is listed with file and row, and nothing was loaded."""

    key = "orgs.city_invalid"
