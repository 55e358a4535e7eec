"""Positions and Chinese keys, which the calendar's and the organisations' parts rest on."""

from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kit.chinese import bigrams, pinyin_initials, pinyin_key, query_bigrams
from yiwang.kit.geo import distance_m, gcj02_to_wgs84, in_china_box, map_positions, wgs84_to_gcj02

inside = st.tuples(st.floats(75.0, 134.0), st.floats(5.0, 53.0))
han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)


@settings(max_examples=500)
@given(inside)
def test_the_inverse_of_gcj02_is_exact_to_a_millimetre(position):
    shifted = wgs84_to_gcj02(*position)
    assert distance_m(gcj02_to_wgs84(*shifted), position) < 0.001


@given(inside)
def test_the_offset_is_some_hundred_metres(position):
    assert distance_m(wgs84_to_gcj02(*position), position) < 1500


def test_known_offset():
    """Tian'anmen, as published by several implementations of the formula."""
    lon, lat = wgs84_to_gcj02(116.404, 39.915)
    assert abs(lon - 116.41024449916938) < 1e-9
    assert abs(lat - 39.91640428150164) < 1e-9


@given(st.floats(-180, 70), st.floats(-89, 89))
def test_outside_of_china_nothing_moves(lon, lat):
    assert not in_china_box(lon, lat)
    assert wgs84_to_gcj02(lon, lat) == gcj02_to_wgs84(lon, lat) == (lon, lat)


def test_a_degree_of_latitude_is_111_km():
    assert abs(distance_m((120, 31), (120, 32)) - 111_195) < 10


def test_nested_coordinates_are_mapped_at_any_depth():
    assert map_positions([[[1.0, 2.0], [3.0, 4.0]]], lambda x, y: (y, x)) == [[[2.0, 1.0], [4.0, 3.0]]]


def test_names_sort_by_pinyin():
    assert sorted(["锡山区", "滨湖区", "江阴市", "惠山区"], key=pinyin_key) == ["滨湖区", "惠山区", "江阴市", "锡山区"]
    assert pinyin_initials("无锡市 12345") == "wxs12345"


@given(han, st.integers(0, 11), st.integers(1, 12))
def test_a_text_holds_all_keys_of_its_parts(text, start, length):
    part = text[start : start + length]
    assert set(query_bigrams(part)) <= set(bigrams(text))


@given(st.text(max_size=60))
def test_keys_of_any_text_are_bounded(text):
    assert len(pinyin_key(text)) <= 200
    assert set(query_bigrams(text)) <= set(bigrams(text))


def test_full_width_and_case_are_folded():
    assert bigrams("ＡＢＣ路") == bigrams("abc路")
    assert "𠮷" in bigrams("张𠮷")
