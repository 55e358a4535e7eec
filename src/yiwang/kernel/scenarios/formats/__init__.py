"""The typed models of every file kind in a package: one module per kind, closed fields, a description on each."""

from yiwang.kernel.scenarios.formats.base import Described, Text
from yiwang.kernel.scenarios.formats.dataset import Dataset, DatasetField
from yiwang.kernel.scenarios.formats.manifest import FORMAT, Manifest, fits, version_key
from yiwang.kernel.scenarios.formats.quality import RUNGS, Quality
from yiwang.kernel.scenarios.formats.rule import NoticeRule
from yiwang.kernel.scenarios.formats.service import ServiceItem
from yiwang.kernel.scenarios.formats.view import Board, Indicator, Layer, Views

__all__ = [
    "FORMAT",
    "RUNGS",
    "Board",
    "Dataset",
    "DatasetField",
    "Described",
    "Indicator",
    "Layer",
    "Manifest",
    "NoticeRule",
    "Quality",
    "ServiceItem",
    "Text",
    "Views",
    "fits",
    "version_key",
]
