"""Write the tables of cities/nyc: boroughs, community districts, joint interest areas, council districts, offices,
aliases.

    python tools/cities/nyc.py

Facts: New York City Charter, chapters 4 (borough presidents), 69 and 70 (59 community districts) and 2-A (51 council
districts); the numbering of community districts and joint interest areas is that of the Department of City Planning
(borough digit, then two digits).
"""

import csv
from pathlib import Path

TARGET = Path(__file__).parents[2] / "cities" / "nyc"
BOROUGHS = {  # digit: English, Chinese, community districts, joint interest areas
    1: ("Manhattan", "曼哈顿", 12, {64: ("Central Park", "中央公园")}),
    2: ("Bronx", "布朗克斯", 12, {
        26: ("Van Cortlandt Park", "范科特兰公园"), 27: ("Bronx Park", "布朗克斯公园"),
        28: ("Pelham Bay Park", "佩勒姆湾公园"),
    }),
    3: ("Brooklyn", "布鲁克林", 18, {
        55: ("Prospect Park", "展望公园"), 56: ("Gateway National Recreation Area, Brooklyn", "布鲁克林门户国家休闲区"),
    }),
    4: ("Queens", "皇后区", 14, {
        80: ("LaGuardia Airport", "拉瓜迪亚机场"), 81: ("Flushing Meadows-Corona Park", "法拉盛草原可乐娜公园"),
        82: ("Forest Park", "森林公园"), 83: ("John F. Kennedy Airport", "肯尼迪机场"),
        84: ("Gateway National Recreation Area, Queens", "皇后区门户国家休闲区"),
    }),
    5: ("Staten Island", "斯塔滕岛", 3, {
        95: ("Gateway National Recreation Area, Staten Island", "斯塔滕岛门户国家休闲区"),
    }),
}  # fmt: skip
# Council districts by the borough that holds them (all or most of them).
COUNCIL = {1: range(1, 11), 2: range(11, 19), 4: range(19, 33), 3: range(33, 49), 5: range(49, 52)}
ZIP3 = {1: ("100", "101", "102"), 2: ("104",), 3: ("112",), 4: ("111", "113", "114", "116"), 5: ("103",)}
AGENCIES = """
hpd|agency|Department of Housing Preservation and Development|住房保护与发展局
dob|agency|Department of Buildings|建筑局
nycha|agency|New York City Housing Authority|纽约市房屋局
dot|agency|Department of Transportation|交通局
mta|utility|Metropolitan Transportation Authority|大都会运输署
tlc|agency|Taxi and Limousine Commission|出租车与豪华轿车委员会
dof|agency|Department of Finance|财政局
hra|agency|Human Resources Administration|人力资源管理局
dhs|agency|Department of Homeless Services|游民服务局
acs|agency|Administration for Children's Services|儿童服务局
moia|agency|Mayor's Office of Immigrant Affairs|市长移民事务办公室
dsny|agency|Department of Sanitation|清洁局
nypd|agency|Police Department|警察局
fdny|agency|Fire Department|消防局
nycem|agency|Emergency Management|应急管理局
dpr|agency|Department of Parks and Recreation|公园与娱乐局
dep|agency|Department of Environmental Protection|环境保护局
doe|agency|Department of Education|教育局
dohmh|agency|Department of Health and Mental Hygiene|健康与心理卫生局
hhc|agency|Health and Hospitals|健康与医院总局
sbs|agency|Department of Small Business Services|小企业服务局
dfta|agency|Department for the Aging|老年局
dcwp|agency|Department of Consumer and Worker Protection|消费者与劳工保护局
dcla|agency|Department of Cultural Affairs|文化事务局
dcp|agency|Department of City Planning|城市规划局
dcas|agency|Department of Citywide Administrative Services|全市行政服务局
dycd|agency|Department of Youth and Community Development|青年与社区发展局
cchr|agency|Commission on Human Rights|人权委员会
dvs|agency|Department of Veterans' Services|退伍军人服务局
law|agency|Law Department|法律局
ocj|agency|Office of Civil Justice|民事司法办公室
mocj|agency|Mayor's Office of Criminal Justice|市长刑事司法办公室
mor|agency|Mayor's Office of Recovery|市长复苏办公室
boe|agency|Board of Elections|选举委员会
doi|agency|Department of Investigation|调查局
oti|agency|Office of Technology and Innovation|科技与创新办公室
comptroller|agency|Office of the Comptroller|主计长办公室
coned|utility|Con Edison|联合爱迪生电力公司
nationalgrid|utility|National Grid|国家电网（美国）
"""
# category key | Chinese | spellings in the request log, the first one is the English name | agency
CATEGORIES = """
housing|住房与建筑|Housing and Buildings;HOUSING AND BUILDINGS;NYCHA;DISPLACEMENT|hpd
transportation|交通|Transportation;FOR-HIRE-VEHICLES|dot
finance|财政税务|Finance;PENSION FORMS;SCRIE|dof
welfare|社会福利|General Welfare|hra
immigration|移民|Immigration|moia
sanitation|环境卫生|Sanitation|dsny
public-safety|公共安全|Public Safety;NYPD - NEW YORK POLICE DE|nypd
parks|公园|Parks|dpr
government|政府运作|Governmental Operations;CONTRACTS;OVERSIGHT AND INVESTIGATI;Government;O AND I REQ|dcas
legal|法律服务|Legal Services;JURY DUTY|ocj
environment|环境|Environment|dep
utilities|公用事业|Utilities|coned
education|教育|Education|doe
quality-of-life|生活环境|Quality of Life;QUALITY OF LIFE|nypd
health|卫生|Health;HOSPITALS;MENTAL HEALTH-DISABILITY-|dohmh
covid|新冠疫情|COVID-19|dohmh
economy|经济与就业|Economy/Jobs;SMALL BUSINESS|sbs
aging|老年服务|Aging|dfta
consumer|消费者事务|Consumer Affairs;Consumer Complaints|dcwp
culture|文化事务|Cultural Affairs|dcla
land-use|土地使用与分区|Land Use and Zoning;Land Use|dcp
labour|公务与劳工|Civil Service and Labor|dcas
youth|青年服务|Youth Services|dycd
recovery|灾后恢复|Recovery and Resiliency|mor
rights|人权|Human and Civil Rights;CIVIL AND HUMAN RIGHTS;WOMEN _ GENDER EQUITY|cchr
veterans|退伍军人|Veterans Affairs|dvs
justice|司法|CRIMINAL JUSTICE;JUSTICE SYSTEM;DWI|mocj
emergency|消防与应急|FIRE AND EMERGENCY MANAGE|fdny
other|其他||
"""
TITLES = {"justice": "Criminal justice", "emergency": "Fire and emergency management", "other": "Other"}


def lines(text, width):
    """A table of | separated lines."""
    for line in text.strip().splitlines():
        parts = line.split("|")
        assert len(parts) == width, line
        yield parts


def ordinal_zh(number):
    """Chinese community boards are called by their number: 第7."""
    return f"第{number}"


def divisions():
    """code, parent, level, kind, names."""
    yield "nyc", "", 1, "city", "纽约市", "New York City"
    for digit, (en, zh, boards, joint) in BOROUGHS.items():
        yield f"nyc{digit}", "nyc", 2, "borough", zh, en
        for number in range(1, boards + 1):
            names = f"{zh}{ordinal_zh(number)}社区委员会辖区", f"{en} Community District {number}"
            yield f"nyc{digit}{number:02d}", f"nyc{digit}", 3, "community-district", *names
        for number, (area_en, area_zh) in joint.items():
            yield f"nyc{digit}{number:02d}", f"nyc{digit}", 3, "joint-interest-area", area_zh, area_en
    for numbers in COUNCIL.values():
        for number in numbers:
            yield (
                f"nycc{number:02d}",
                "nyc",
                2,
                "council-district",
                f"市议会{ordinal_zh(number)}选区",
                f"Council District {number}",
            )


def organisations():
    """code, parent, kind, division, names, uscc."""
    yield "nyc", "", "government", "nyc", "纽约市政府", "City of New York", ""
    yield "nyc/311", "nyc", "command", "nyc", "纽约市311服务中心", "NYC311", ""
    for key, kind, en, zh in lines(AGENCIES, 4):
        name_en = en if kind == "utility" or key in {"nycha", "mta", "moia"} else f"NYC {en}"
        yield f"nyc/{key}", "nyc", kind, "nyc", zh if zh.startswith("纽约") else f"纽约市{zh}", name_en, ""
    for digit, (en, zh, boards, _) in BOROUGHS.items():
        yield (
            f"nyc{digit}/bp",
            "nyc",
            "command",
            f"nyc{digit}",
            f"{zh}区长办公室",
            f"Office of the {en} Borough President",
            "",
        )
        for number in range(1, boards + 1):
            code = f"nyc{digit}{number:02d}"
            yield (
                code,
                f"nyc{digit}/bp",
                "board",
                code,
                f"{zh}{ordinal_zh(number)}社区委员会",
                f"{en} Community Board {number}",
                "",
            )
    for numbers in COUNCIL.values():
        for number in numbers:
            names = f"市议会{ordinal_zh(number)}选区议员办公室", f"Office of the Council Member, District {number}"
            yield f"nycc{number:02d}", "nyc", "council", f"nycc{number:02d}", *names, ""


def aliases():
    """kind, value, target: how the request log names places and categories."""
    for digit, (en, _, boards, joint) in BOROUGHS.items():
        yield "borough", en, f"nyc{digit}"
        yield "community_board", en, f"nyc{digit}"
        for number in [*range(1, boards + 1), *joint]:
            yield "community_board", f"{number:02d} {en}", f"nyc{digit}{number:02d}"
            if number < 10:
                yield "community_board", f"{number} {en}", f"nyc{digit}{number:02d}"
        for prefix in ZIP3[digit]:
            yield "zip3", prefix, f"nyc{digit}"
    for numbers in COUNCIL.values():
        for number in numbers:
            yield "council_dist", f"NYCC{number:02d}", f"nycc{number:02d}"
    for key, _, spellings, _ in lines(CATEGORIES, 4):
        for spelling in filter(None, spellings.split(";")):
            yield "complaint_type", spelling, key


def write(name, head, rows):
    """One CSV."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def main():
    """Write all files."""
    write("divisions.csv", ["code", "parent", "level", "kind", "name_zh", "name_en"], divisions())
    write("organisations.csv", ["code", "parent", "kind", "division", "name_zh", "name_en", "uscc"], organisations())
    write("aliases.csv", ["kind", "value", "target"], aliases())
    categories = list(lines(CATEGORIES, 4))
    named = [(key, "", zh, TITLES.get(key) or spellings.split(";")[0]) for key, zh, spellings, _ in categories]
    write("categories.csv", ["key", "parent", "name_zh", "name_en"], named)
    duties = [(key, "nyc", f"nyc/{agency}", "handler") for key, _, _, agency in categories if agency]
    duties.append(("other", "nyc", "nyc/311", "dispatcher"))
    write("responsibility.csv", ["category", "place", "org", "role"], duties)


if __name__ == "__main__":
    main()
