"""A chat on the screen: bubbles left and right, a typing sign; nothing shown before it was sent."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from sim.call_view import CallView, EntryKind
from sim.office_clock import OfficeClock
from sim.text import shown
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.chat_flow import ChatFlow, ChatLine, Side, Sign
from sim.tui.widgets.plain_text import PlainText, plain

_SHARE = 0.7
"""A bubble takes at most this share of the pane."""
_NARROW = 24
"""Cells that a bubble may always take, where the pane has them."""
_STEP_MS = 360
"""How long each of the three dots of the typing sign is the bright one."""
