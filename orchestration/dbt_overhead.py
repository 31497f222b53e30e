"""What dbt does for every node and every query although nobody needs it, left out.

Belongs here: what costs a night seconds of pure Python, and changes no result. Does not belong
here: what is true of the process otherwise (dbt_child.py).
"""

from collections.abc import Iterable
from functools import cache
from typing import Any


def spare_work() -> None:
    """Leave all of it out, in this process."""
    drop_debug_events()
    put_debug_events_together_late()
    share_type_testers()


def drop_debug_events() -> None:
    """Have dbt drop events that nobody reads, before it writes them out.

    Every node has some twenty events of level debug. dbt spells each as JSON for either of its
    logs, and only then looks at the level: a fifth of its time.
    """
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    class Listening(EventManager):
        """The manager of dbt, but for what is below the level of both logs."""

        def fire_event(
            self,
            e: BaseEvent,
            level: EventLevel | None = None,
            node: object = None,
            force_warn_or_error_handling: bool = False,  # as dbt calls it
        ) -> None:
            """Fire an event of level info and above."""
            if (level or e.level_tag()) not in (EventLevel.DEBUG, EventLevel.TEST):
                super().fire_event(e, level, node, force_warn_or_error_handling)

    ctx_set_event_manager(Listening())


def put_debug_events_together_late() -> None:
    """Have dbt make the message of a debug event when it is read, which it hardly ever is.

    Every statement has four such events, with its whole text in them.
    """
    from dbt_common.events.base_types import BaseEvent, DebugLevel

    def keep(event: DebugLevel, *args: object, **kwargs: object) -> None:
        vars(event)["_told"] = args, kwargs

    def read(event: DebugLevel, name: str) -> Any:  # noqa: ANN401  # whatever the message holds
        if name == "pb_msg":
            args, kwargs = vars(event).pop("_told")
            BaseEvent.__init__(event, *args, **kwargs)
            return vars(event)[name]
        return getattr(event.pb_msg, name)

    def write(event: DebugLevel, name: str, value: object) -> None:
        if name == "pb_msg":
            vars(event)[name] = value
        else:
            setattr(event.pb_msg, name, value)

    for name, late in (("__init__", keep), ("__getattr__", read), ("__setattr__", write)):
        setattr(DebugLevel, name, late)


def share_type_testers() -> None:
    """Have dbt keep what tells the types of a result, by the columns that are text.

    It makes one for every answer of the engine, with a reader of dates in English in it.
    """
    from dbt_common.clients import agate_helper

    made = cache(agate_helper.build_type_tester)

    def shared(
        text_columns: Iterable[str], string_null_values: Iterable[str] | None = ("null", "")
    ) -> object:
        nulls = None if string_null_values is None else tuple(string_null_values)
        return made(tuple(sorted(text_columns)), nulls)

    agate_helper.build_type_tester = shared
