"""Write cities/320200/organisations.csv: departments at city and district level, command centres, streets, communities.

    python tools/cities/wuxi_organisations.py

The list of departments is that of a Chinese prefecture-level city after the reform of institutions of 2024; the names
follow the official naming of Wuxi (无锡市市政和园林局, 无锡市公安局滨湖分局, 无锡市江阴生态环境局 ...).
Unified social credit codes are left empty: none were verified.
"""

import csv
from pathlib import Path

TARGET = Path(__file__).parents[2] / "cities" / "320200"
# key | kind | city zh | city en | at district level: "" none, "d" plain, "b" branch of the city's, "e" 生态环境-style
# branch
DEPARTMENTS = """
zhengfuban|department|人民政府办公室|General Office of the People's Government|d
fagai|department|发展和改革委员会|Development and Reform Commission|d
jiaoyu|department|教育局|Education Bureau|d
keji|department|科学技术局|Science and Technology Bureau|d
gongxin|department|工业和信息化局|Industry and Information Technology Bureau|d
minzong|department|民族宗教事务局|Ethnic and Religious Affairs Bureau|
gongan|department|公安局|Public Security Bureau|b
minzheng|department|民政局|Civil Affairs Bureau|d
sifa|department|司法局|Justice Bureau|d
caizheng|department|财政局|Finance Bureau|d
renshe|department|人力资源和社会保障局|Human Resources and Social Security Bureau|d
ziran|department|自然资源和规划局|Natural Resources and Planning Bureau|b
huanjing|department|生态环境局|Ecology and Environment Bureau|e
zhujian|department|住房和城乡建设局|Housing and Urban-Rural Development Bureau|d
shizheng|department|市政和园林局|Municipal Works and Parks Bureau|
chengguan|department|城市管理局|Urban Management Bureau|d
jiaotong|department|交通运输局|Transport Bureau|d
shuili|department|水利局|Water Resources Bureau|d
nongye|department|农业农村局|Agriculture and Rural Affairs Bureau|d
shangwu|department|商务局|Commerce Bureau|d
wenlv|department|文化广电和旅游局|Culture, Radio, Television and Tourism Bureau|d
weijian|department|卫生健康委员会|Health Commission|d
tuiyi|department|退役军人事务局|Veterans Affairs Bureau|d
yingji|department|应急管理局|Emergency Management Bureau|d
shenji|department|审计局|Audit Bureau|d
waiban|department|外事办公室|Foreign Affairs Office|
guozi|department|国有资产监督管理委员会|State-owned Assets Supervision and Administration Commission|
shenpi|department|行政审批局|Administrative Approval Bureau|d
shichang|department|市场监督管理局|Market Regulation Bureau|d
tiyu|department|体育局|Sports Bureau|
tongji|department|统计局|Statistics Bureau|d
yibao|department|医疗保障局|Healthcare Security Bureau|b
xinfang|department|信访局|Public Complaints and Proposals Bureau|d
jiguan|department|机关事务管理局|Government Offices Administration|
shuju|department|数据局|Data Bureau|d
renfang|department|国防动员办公室|National Defence Mobilisation Office|
xiaofang|department|消防救援支队|Fire and Rescue Detachment|
qixiang|department|气象局|Meteorological Bureau|
shuiwu|department|税务局|Tax Bureau|
youzheng|department|邮政管理局|Postal Administration|
yancao|department|烟草专卖局|Tobacco Monopoly Bureau|
gongjijin|agency|住房公积金管理中心|Housing Provident Fund Management Centre|
canlian|agency|残疾人联合会|Disabled Persons' Federation|
gonghui|agency|总工会|Federation of Trade Unions|
fulian|agency|妇女联合会|Women's Federation|
gongdian|utility|供电公司|Power Supply Company|
shuiwujituan|utility|水务集团|Water Group|
ranqi|utility|燃气公司|Gas Company|
ditie|utility|地铁集团|Metro Group|
gongjiao|utility|公共交通集团|Public Transport Group|
tongxin|utility|通信管理协调办公室|Telecommunications Coordination Office|
"""


def departments():
    """The table above as dicts."""
    for text in DEPARTMENTS.strip().splitlines():
        key, kind, zh, en, district = text.split("|")
        yield {"key": key, "kind": kind, "zh": zh, "en": en, "district": district}


def district_name(item, zh, en, county):
    """Names at a district: a branch of the city's own in the city proper, a bureau in a county-level city."""
    if item["district"] == "e":
        place = zh.removesuffix("区").removesuffix("市")
        return f"无锡市{place}{item['zh']}", f"Wuxi {en.rsplit(' ', 1)[0]} {item['en']}"
    if item["district"] == "b" and not county:
        return f"无锡市{item['zh']}{zh.removesuffix('区')}分局", f"{en.rsplit(' ', 1)[0]} Branch, Wuxi {item['en']}"
    return (zh if county else f"无锡市{zh}") + item["zh"], f"{en} {item['en']}"


def organisations(divisions):
    """All rows: code, parent, kind, division, names, uscc."""
    yield "320200", "", "government", "320200", "无锡市人民政府", "Wuxi Municipal People's Government", ""
    yield (
        "320200/12345", "320200", "command", "320200",
        "无锡市城市运行管理指挥中心（12345热线）", "Wuxi City Operation Command Centre (12345 Hotline)", "",
    )  # fmt: skip
    for item in departments():
        yield f"320200/{item['key']}", "320200", item["kind"], "320200", f"无锡市{item['zh']}", f"Wuxi {item['en']}", ""
    for row in divisions:
        if row["level"] == "2":
            yield from of_district(row)
        elif row["level"] == "3":
            yield of_street(row)
        elif row["level"] == "4":
            yield row["code"], row["parent"], "community", row["code"], row["name_zh"], row["name_en"], ""


def of_district(row):
    """Government, command centre and departments of one district."""
    code, zh, en, county = row["code"], row["name_zh"], row["name_en"], row["kind"] == "county"
    full = zh if county else f"无锡市{zh}"
    yield code, "320200", "government", code, f"{full}人民政府", f"{en} People's Government", ""
    centre = f"{full}社会治理现代化指挥中心", f"{en} Social Governance Command Centre"
    yield f"{code}/zhihui", code, "command", code, *centre, ""
    for item in departments():
        if item["district"]:
            yield f"{code}/{item['key']}", code, "department", code, *district_name(item, zh, en, county), ""


def of_street(row):
    """The office of a street, the government of a town, the committee of a zone."""
    zh, en = {
        "street": ("{}办事处", "{} Office"),
        "town": ("{}人民政府", "{} People's Government"),
        "zone": ("{}管理委员会", "{} Administrative Committee"),
    }[row["kind"]]
    return row["code"], row["parent"], "street", row["code"], zh.format(row["name_zh"]), en.format(row["name_en"]), ""


def main():
    """Write the file."""
    with (TARGET / "divisions.csv").open(encoding="utf-8") as file:
        rows = list(organisations(csv.DictReader(file)))
    with (TARGET / "organisations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "parent", "kind", "division", "name_zh", "name_en", "uscc"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
