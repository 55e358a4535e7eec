"""The base of every event payload: frozen, closed, named."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

_TYPES: dict[str, type[Event]] = {}


class Event(BaseModel):
    """A fact that has happened. An unknown field is a bug at construction; ``type`` is the CloudEvents type.

    A change of meaning is a new type (``.v2``), never a changed field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    type: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if isinstance(cls.__dict__.get("subject"), property):
            raise TypeError(f"{cls.__qualname__}: override about() to say what the event is about")
        name = cls.__dict__.get("type")
        if name is None:
            return
        if name in _TYPES and _TYPES[name].__qualname__ != cls.__qualname__:
            raise TypeError(f"event type {name} is declared twice")
        _TYPES[name] = cls

    def about(self) -> str:
        """What the fact is about (CloudEvents ``subject``); the first field unless a payload says otherwise."""
        first = next(iter(type(self).model_fields))
        return str(getattr(self, first))


def event_types() -> dict[str, type[Event]]:
    """Every declared event type by name (of the modules imported so far)."""
    return dict(_TYPES)
