"""Time-based one-time passwords of staff (RFC 6238: SHA-1, 6 digits, 30 s), pure: seed and time in, answer out."""

import hashlib
import io
import re
import secrets
from datetime import datetime

import pyotp
import segno

PERIOD_S = 30
DRIFT_STEPS = 1
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_seed() -> str:
    """160 random bits in base 32, as authenticator apps want it."""
    return pyotp.random_base32()


def matched_step(seed: str, code: str, at: datetime, *, last_step: int) -> int | None:
    """The time step this code belongs to, or None when it is wrong or was used.

    A step at or before `last_step` is never accepted again (RFC 6238 section 5.2: a code is good once), one step of
    drift either way is.
    """
    digits = re.sub(r"[\s-]", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    generator = pyotp.TOTP(seed, interval=PERIOD_S)
    now = int(at.timestamp()) // PERIOD_S
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        right = secrets.compare_digest(generator.generate_otp(step), digits)
        if right and step > last_step and found is None:
            found = step
    return found


def provisioning_uri(seed: str, *, login: str, issuer: str) -> str:
    """The otpauth:// address that an authenticator app reads."""
    return pyotp.TOTP(seed, interval=PERIOD_S).provisioning_uri(name=login, issuer_name=issuer)


def qr_svg(uri: str) -> str:
    """The address as an inline SVG; dark modules take the text colour's black on white so that every theme can scan
    it.
    """
    out = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, svgns=True
    )
    return out.getvalue().decode()


def new_recovery_codes(count: int = RECOVERY_CODES) -> list[str]:
    """Codes for the day the phone is lost: ten letters each (about 49 bits), good once."""
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(count)]


def recovery_digest(code: str) -> bytes:
    """What is stored of a recovery code; spaces, dashes and case do not matter when it is typed."""
    return hashlib.sha256(("recovery:" + re.sub(r"[\s-]", "", code).lower()).encode()).digest()
