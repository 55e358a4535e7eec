"""Pictures: really decodable, not a bomb, without the place where they were taken, and a small copy to show."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from yiwang.kernel.process.errors import FileRefused

#: A phone takes 50 megapixels today; more is not a photo of a pothole. Decoding takes four bytes a pixel: a bomb of
#: some kilobytes costs 400 MB (measured), and twice that with transparency.
MOST_PIXELS = 100_000_000
#: Pictures that one process works on at the same time.
AT_ONCE = 2
THUMBNAIL = 480  # longest side, pixels
_GPS, _MAKER_NOTE, _EXIF_IFD, _ORIENTATION = 0x8825, 0x927C, 0x8769, 0x0112
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture fit to keep: bytes, size in pixels as shown, and a JPEG thumbnail."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes


def prepare(name: str, media_type: str, content: bytes, *, keep_location: bool = False) -> Picture:
    """Check and clean a picture. Raises FileRefused when it cannot be decoded whole or is larger than any photo."""
    wanted = _FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise FileRefused(f"{name} has too many pixels", key="process.error.picture_too_large", name=name)
            image.load()
            cleaned = content if keep_location else _without_location(image, wanted, content)
            # No upright copy: it would double the memory. The orientations 5 to 8 swap the sides.
            width, height = image.size
            if image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8):
                width, height = height, width
            return Picture(cleaned, width, height, _thumbnail(image))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefused(f"{name} cannot be read: {error}", key="process.error.file_forged", name=name,
                          ending=wanted.lower()) from error  # fmt: skip


def _without_location(image: Image.Image, wanted: str, content: bytes) -> bytes:
    exif = image.getexif()
    xmp = image.info.pop("xmp", None)
    image.info.pop("XML:com.adobe.xmp", None)
    if _GPS not in exif and not xmp and _MAKER_NOTE not in exif.get_ifd(_EXIF_IFD):
        return content
    exif.pop(_GPS, None)
    # Makers hide a place in their own notes too; nobody of a city needs those.
    exif.get_ifd(_EXIF_IFD).pop(_MAKER_NOTE, None)
    image.info.pop("exif", None)
    out = io.BytesIO()
    if wanted == "JPEG":
        image.save(out, "JPEG", quality="keep", exif=exif.tobytes(), icc_profile=image.info.get("icc_profile"))
    elif wanted == "WEBP":
        image.save(out, "WEBP", quality=92, exif=exif.tobytes(), icc_profile=image.info.get("icc_profile"))
    else:
        image.save(out, wanted, exif=exif.tobytes(), save_all=getattr(image, "is_animated", False))
    return out.getvalue()


def _thumbnail(image: Image.Image) -> bytes:
    """A small upright JPEG; the picture given is used up."""
    if image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGB")  # a palette cannot be scaled
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    out = io.BytesIO()
    ImageOps.exif_transpose(image).convert("RGB").save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()
