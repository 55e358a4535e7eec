"""The parts without a database: passwords, codes, throttle, seals, contacts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.identity import totp
from yiwang.kernel.identity.contacts import masked, normal_mail, normal_phone
from yiwang.kernel.identity.passwords import PasswordVault, weakness
from yiwang.kernel.identity.secretbox import SealBroken, SecretBox
from yiwang.kernel.identity.throttle import PER_ACCOUNT, PER_ADDRESS, failures_now, wait_after
from yiwang.kernel.identity.tokens import fingerprint, new_password, new_token

AT = datetime(2026, 3, 2, 1, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "too_short"),
        ("x" * 129, "too_long"),
        ("abababababab", "repeats"),
        ("correcthorsebatterystaple", "common"),
        ("Password1234", "common"),
        ("wuxi@123!!!!", "common"),
        ("bcdefghijklmn", "sequence"),
        ("li.lei-2026!", "personal"),
    ],
)
def test_bad_passwords_are_refused_with_their_reason(password: str, reason: str) -> None:
    assert weakness(password, minimum=12, context=("li.lei", "李雷")) == reason


@pytest.mark.parametrize("password", ["a calm river at dawn", "春天的太湖边有一只白鹭在飞", "Tr0ub4dor&3-xkcd"])
def test_long_passwords_need_no_composition(password: str) -> None:
    assert weakness(password, minimum=12, context=("li.lei", "李雷")) is None


async def test_the_vault_tells_right_from_wrong_and_stores_owasp_argon2id() -> None:
    vault = PasswordVault()
    stored = await vault.hash("a calm river at dawn")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await vault.verify(stored, "a calm river at dawn")
    assert not await vault.verify(stored, "a calm river at dusk")
    assert not await vault.verify(None, "nobody has this password")
    assert not vault.outdated(stored) and vault.outdated(stored.replace("m=19456", "m=8192"))
    vault.close()


async def test_the_same_password_typed_on_two_keyboards_is_the_same() -> None:
    vault = PasswordVault()
    assert await vault.verify(await vault.hash("ｐａｓｓ ①２３ phrase é"), "pass 123 phrase e\u0301")
    vault.close()


def test_a_code_is_good_once_and_one_step_either_way() -> None:
    seed = totp.new_seed()
    generator = pyotp.TOTP(seed)
    code = generator.at(AT)
    step = totp.matched_step(seed, code, AT, last_step=0)
    assert step == int(AT.timestamp()) // 30
    assert totp.matched_step(seed, f"{code[:3]} {code[3:]}", AT + timedelta(seconds=30), last_step=0) == step
    assert totp.matched_step(seed, code, AT + timedelta(seconds=61), last_step=0) is None
    assert totp.matched_step(seed, code, AT, last_step=step) is None
    assert totp.matched_step(seed, "12345", AT, last_step=0) is None


def test_recovery_codes_do_not_mind_spaces_and_case() -> None:
    code = totp.new_recovery_codes()[0]
    assert totp.recovery_digest(code) == totp.recovery_digest(code.upper().replace("-", " "))
    assert len(set(totp.new_recovery_codes(100))) == 100


@given(st.integers(0, 500))
def test_waits_grow_and_are_capped(failures: int) -> None:
    for rule in (PER_ACCOUNT, PER_ADDRESS):
        assert timedelta(0) <= wait_after(failures, rule) <= wait_after(failures + 1, rule) <= rule.cap
    assert (wait_after(failures, PER_ACCOUNT) == timedelta(0)) == (failures < PER_ACCOUNT.free)


def test_failures_fade() -> None:
    assert failures_now(40, AT, AT + timedelta(minutes=59), PER_ACCOUNT) == 40
    assert failures_now(40, AT, AT + timedelta(hours=1), PER_ACCOUNT) == 0


@given(st.binary(max_size=200), st.binary(max_size=16), st.integers(0, 10_000))
def test_what_is_sealed_opens_only_unchanged_and_in_its_place(plain: bytes, row: bytes, where: int) -> None:
    box = SecretBox(bytes(range(32)))
    sealed = box.seal("totp", plain, bound=row)
    assert box.open("totp", sealed, bound=row) == plain
    changed = bytearray(sealed)
    changed[where % len(sealed)] ^= 1
    for purpose, body, bound in (("contact", sealed, row), ("totp", sealed, row + b"x"), ("totp", bytes(changed), row)):
        with pytest.raises(SealBroken):
            box.open(purpose, body, bound=bound)
    with pytest.raises(SealBroken):
        SecretBox(bytes(32)).open("totp", sealed, bound=row)


def test_digests_differ_by_purpose_and_value() -> None:
    box = SecretBox(bytes(range(32)))
    assert box.digest("contact", "a") == box.digest("contact", "a")
    assert len({box.digest("contact", "a"), box.digest("contact", "b"), box.digest("throttle", "a")}) == 3
    assert box.signed("csrf", "a", box.sign("csrf", "a")) and not box.signed("csrf", "b", box.sign("csrf", "a"))


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("138 1234 5678", "+8613812345678"),
        ("+86-138-1234-5678", "+8613812345678"),
        ("0086 13812345678", "+8613812345678"),
        ("+1 (212) 555-0100", "+12125550100"),
        ("12345678901", None),
        ("1381234567", None),
        ("abc", None),
    ],
)
def test_phones_have_one_form(typed: str, phone: str | None) -> None:
    assert normal_phone(typed) == phone


def test_mail_addresses_and_masks() -> None:
    assert normal_mail(" Li.Lei@Example.COM ") == "li.lei@example.com"
    assert [normal_mail(x) for x in ("a@b", "a b@c.de", "a@b.c;d@e.fg", "@x.yz")] == [None] * 4
    assert masked("phone", "+8613812345678") == "138****5678"
    assert masked("email", "li.lei@example.com") == "l***@example.com"


def test_tokens_have_256_bits_and_are_not_stored() -> None:
    token = new_token()
    assert len(token) == 43 and len(fingerprint(token)) == 32
    assert token.encode() not in fingerprint(token)
    assert len(new_password()) == 19 and not set(new_password()) & set("01OIl")
