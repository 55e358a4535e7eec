"""The cage around CEL: every trap that the library is known to have, and what comes instead."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.cel import MAX_CHARS, MAX_LIST, CelError, compile_cel

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def value(text, names=None, **variables):
    return compile_cel(text, names=names).evaluate(variables, now=NOW)


def refusal(text, names=None, **variables):
    with pytest.raises(CelError) as caught:
        value(text, names, **variables)
    return caught.value


def test_len_counts_characters_where_size_counts_bytes():
    assert value("len(s)", s="张𠮷") == 2
    assert value("s.len() == 2", s="张𠮷") is True
    assert refusal("size(s) > 3", s="张𠮷").key == "cel.size"
    assert refusal("s.size() > 3", s="张𠮷").position == 3


def test_len_of_lists_and_maps():
    assert value("len(xs) + len(m)", xs=[1, 2, 3], m={"a": 1}) == 4
    assert refusal("len(x)", x=3).key == "cel.types"


def test_a_declared_number_multiplies_with_a_double():
    assert refusal("x * 2.5", x=3).key == "cel.types"
    assert value("x * 2.5", {"x": "number"}, x=3) == 7.5
    assert value("x * 2.5", {"x": "number"}, x=Decimal("1.2")) == 3.0


def test_money_is_whole_fen():
    assert value("fen * 3", {"fen": "money"}, fen=1999) == 5997
    assert value("fen", {"fen": "money"}, fen=Decimal("100")) == 100
    assert refusal("fen", {"fen": "money"}, fen=Decimal("19.99")).key == "cel.wrong_type"
    assert refusal("fen", {"fen": "money"}, fen=19.99).key == "cel.wrong_type"


def test_a_decimal_without_a_declared_kind_is_refused_instead_of_losing_digits():
    assert refusal("x > 1.0", x=Decimal("1.10")).key == "cel.wrong_type"


@pytest.mark.parametrize("bad", [2**63, -(2**63) - 1, float("nan"), float("inf"), object(), {1, 2}, {1: 2}])
def test_values_that_do_not_fit_are_refused(bad):
    assert refusal("x == null", x=bad).key == "cel.wrong_type"


@pytest.mark.parametrize(
    ("kind", "bad"),
    [("int", "3"), ("int", 2.5), ("int", True), ("number", "x"), ("number", True), ("text", 3), ("bool", 1),
     ("list", {}), ("map", []), ("time", date(2026, 3, 2)), ("date", 5), ("span", 5)],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(kind, bad):
    assert refusal("x == null", {"x": kind}, x=bad).key == "cel.wrong_type"


def test_an_absent_name_reads_as_null():
    assert value("approved == true") is False
    assert value("approved == null") is True


def test_now_is_supplied_and_nothing_else_tells_time():
    assert value("now") == NOW
    assert value("now - opened > duration('1h')", opened=NOW - timedelta(hours=2)) is True
    assert refusal("getNow()").key == "cel.unknown_function"
    with pytest.raises(CelError):
        compile_cel("now", names=()).evaluate({"now": NOW}, now=datetime(2026, 3, 2))


def test_a_variable_cannot_replace_now():
    assert value("now", now="yesterday") == NOW


def test_two_thousand_characters_and_no_more():
    longest = "1" + "+1" * ((MAX_CHARS - 1) // 2)
    assert refusal(longest + " " * 2).key == "cel.too_long"
    assert refusal("1" + "+1" * 20_000).key == "cel.too_long"
    assert value("true" + " " * (MAX_CHARS - 4)) is True


@pytest.mark.parametrize("text", ["(" * 900 + "1" + ")" * 900, "[" * 900 + "]" * 900, "true ? 1 : " * 150 + "1"])
def test_deep_nesting_is_a_syntax_error_not_a_crash(text):
    assert refusal(text).key == "cel.syntax"


@pytest.mark.parametrize(
    "text",
    ["xs.map(x, xs.map(y, x + y))", "xs.all(x, ys.exists(y, y == x))", "xs.filter(x, [1].all (y, y == x))",
     "xs.map(x, x > 1, [x].map(y, y))"],
)  # fmt: skip
def test_a_macro_inside_a_macro_is_refused_at_its_position(text):
    error = refusal(text, xs=[1], ys=[1])
    assert error.key == "cel.nested_macro"
    assert text[error.position - 1 :].startswith(("map", "exists", "all"))


def test_macros_one_after_the_other_are_fine():
    assert value("xs.filter(x, x > 1).map(x, x * 2)", xs=[1, 2, 3]) == [4, 6]
    assert value("xs.all(x, x > 0) && ys.exists(y, y == 2)", xs=[1], ys=[2]) is True


def test_a_macro_named_in_a_text_is_only_text():
    assert value("'a.map(b.map(c))' == s", s="a.map(b.map(c))") is True
    assert value("xs.all(x, x != 'y.map(z, z)') // .map(x.map(", xs=["a"]) is True


def test_a_macro_walks_at_most_two_hundred():
    assert value("xs.all(x, x >= 0)", xs=list(range(MAX_LIST))) is True
    assert refusal("xs.all(x, x >= 0)", xs=list(range(MAX_LIST + 1))).key == "cel.too_many"
    assert refusal("m.all(k, k != '')", m={str(i): i for i in range(MAX_LIST + 1)}).key == "cel.too_many"
    assert refusal("p.xs.all(x, x >= 0)", p={"xs": list(range(MAX_LIST + 1))}).key == "cel.too_many"
    assert value("201 in xs", xs=list(range(1000))) is True


def test_what_would_double_at_each_macro_is_refused():
    assert refusal("[xs]" + ".map(x, x + x)" * 4, xs=[1] * 200).key == "cel.too_many"
    assert refusal("xs" + ".map(x, x)" * 6, xs=[1]).key == "cel.too_many"
    assert refusal("[xs].map(x, [x, x]).map(x, [x, x])", xs=[1]).key == "cel.nested_macro"
    assert refusal("xs.map(x, {'a': x})", xs=[1]).key == "cel.nested_macro"
    assert value("xs.filter(x, x[0] in ['a', 'b'] && x[1] != (0))", xs=[["a", 1]]) == [["a", 1]]


def test_what_is_walked_is_bounded_at_every_depth():
    assert refusal("xs.all(x, len(x) > 0)", xs=[[0] * 11] * 200).key == "cel.too_many"


@pytest.mark.timeout(60)
def test_the_worst_that_is_allowed_ends():
    worst = "ys.map(y, xs)" + ".map(x, x + x)" * 3
    walked = compile_cel(worst, names=None).evaluate({"xs": [1] * MAX_LIST, "ys": [1] * MAX_LIST}, now=NOW)
    assert len(walked) == MAX_LIST and len(walked[0]) == 8 * MAX_LIST


def test_unknown_names_and_functions_are_told_with_their_position():
    error = refusal("a > 1 && b > 2", {"a": "int"}, a=3)
    assert (error.key, error.position, error.params["name"]) == ("cel.unknown_name", 10, "b")
    error = refusal("a > 1 && nofn(a)", a=1)
    assert (error.key, error.position) == ("cel.unknown_function", 10)
    assert value("xs.all(x, x > a)", ["xs", "a"], xs=[2], a=1) is True


@pytest.mark.parametrize(("text", "position"), [("1 +", 4), ("a &&\n (b ++)", 11), ("", 1), ("'open", 1)])
def test_bad_syntax_is_told_with_its_position(text, position):
    error = refusal(text)
    assert (error.key, error.position) == ("cel.syntax", position)


@pytest.mark.parametrize(
    ("text", "key"),
    [("1/0", "cel.division"), ("9223372036854775807 + 1", "cel.overflow"), ("1.0/0.0", "cel.overflow"),
     ("'a' + 1", "cel.types"), ("m.b", "cel.missing_key"), ("n > 3", "cel.types"), ("a ? 1 : 2", "cel.types")],
)  # fmt: skip
def test_what_fails_while_evaluating_is_a_cel_error(text, key):
    assert refusal(text, m={"a": 1}, a=0).key == key


def test_a_field_named_like_a_function_is_still_a_field():
    assert value("type == 'gas' && string == 1", type="gas", string=1) is True


def test_compiled_once():
    assert compile_cel("a + 1", names=["a"]) is compile_cel("a + 1", names=["a"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=15,
)  # fmt: skip


@given(json_values)
def test_json_goes_through_unchanged(data):
    assert value("x", x=data) == data


@given(st.text(max_size=80))
def test_any_text_compiles_or_is_a_cel_error(text):
    try:
        compile_cel(text, names=None)
    except CelError as error:
        assert 1 <= error.position <= len(text) + 2


@given(st.text(max_size=50))
def test_len_is_pythons_len(text):
    assert value("len(s)", s=text) == len(text)
    assert value("len(" + _quoted(text) + ")") == len(text)


def _quoted(text):
    return "'" + "".join(f"\\U{ord(c):08x}" for c in text if not 0xD800 <= ord(c) < 0xE000) + "'"
