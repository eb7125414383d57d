"""The screens of the game; the only package that knows Textual."""

import os

FRAMES_PER_S = "400"
"""How often a screen may be painted. What has just missed a frame is painted at the next but one: at the 60
of Textual itself a key may wait 33 ms for nothing, here 5. Nothing is painted that has not changed."""

# Textual reads this once, when it is first loaded; whatever of ours loads it has passed through here before.
os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_S)
