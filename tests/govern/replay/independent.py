"""The same indicators, worked out by somebody else: DuckDB over the CSV and the city's own tables, nothing of ours.

First line of a key wins. On time: closed on or before the N-th working day after the day of opening (Monday to Friday
without the legal holidays of New York); N is 5 for parks, 7 for labour, 15 for housing and education, 10 otherwise
(scenarios/resident-requests/decisions/deadlines.dmn for requests that are neither urgent nor a question).
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import holidays

from tests.conftest import ROOT

NYC = ROOT / "cities" / "nyc"
KEYS = {
    "department": "department",
    "category": "category",
    "district": "borough",
    "street": "board",
    "week": "strftime(date_trunc('week', opened), '%Y-%m-%d')",
}

SQL = """
create table log as
select * exclude line, line from (select *, row_number() over () as line
    from read_csv($log, all_varchar = true, header = true, parallel = false, nullstr = 'NA'))
qualify row_number() over (partition by unique_key order by line) = 1;

create table alias as select * from read_csv($aliases, all_varchar = true, header = true);
create table duty as select * from read_csv($duties, all_varchar = true, header = true);

create table request as
select *, case when category = 'parks' then 5 when category in ('housing', 'education') then 15
               when category = 'labour' then 7 else 10 end as days
from (
    select log.opendate::date as opened, nullif(log.closedate, '')::date as closed,
        case when coalesce(complaint_type, '')
                  in ('', '@getxlate.Udf_Code_Genera', 'Please choose an issue...', 'Select One')
             then null else coalesce(kind.target, 'other') end as category,
        b.target as borough, case when length(c.target) = 6 then c.target end as board
    from log
    left join alias kind on kind.kind = 'complaint_type' and kind.value = log.complaint_type
    left join alias b on b.kind = 'borough' and b.value = log.borough
    left join alias c on c.kind = 'community_board' and c.value = log.community_board
);

create table answer as
select r.*, due.day as due, d.org as department
from request r
asof join workday passed on passed.day <= r.opened
join workday due on due.number = passed.number + r.days
left join duty d on d.category = r.category;
"""


def workdays(first: date, last: date) -> list[tuple[date, int]]:
    """Working days of New York, numbered."""
    off = holidays.country_holidays("US", subdiv="NY", years=range(first.year, last.year + 2))
    days = [first + timedelta(n) for n in range((last - first).days)]
    return list(enumerate(d for d in days if d.weekday() < 5 and d not in off))


class Independent:
    """Answers over one log file."""

    def __init__(self, log: Path) -> None:
        self.db = duckdb.connect()
        self.db.execute("create table workday (day date, number int)")
        numbered = workdays(date(2014, 12, 1), date(2026, 1, 1))
        self.db.executemany("insert into workday values (?, ?)", [(day, number) for number, day in numbered])
        text = SQL.replace("$log", f"'{log}'")
        text = text.replace("$aliases", f"'{NYC / 'aliases.csv'}'").replace(
            "$duties", f"'{NYC / 'responsibility.csv'}'"
        )
        self.db.execute(text)

    def lines(self, by: str | None) -> dict[str | None, tuple[int, int, int, int]]:
        """By the key of a dimension: opened, closed, on time, and those with a deadline that is over or was met."""
        key = KEYS[by] if by else "'all'"
        rows = self.db.execute(
            f"select {key}, count(*), count(closed), count(*) filter (closed <= due), count(*) from answer group by 1"
        ).fetchall()
        return {row[0]: row[1:] for row in rows}
