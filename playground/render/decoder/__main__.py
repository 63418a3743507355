"""`python -m playground.render.decoder` installs the Pillow that decodes pictures, if it is missing, and starts a process with it as a test."""

import sys

from playground.render.decoder import own_pillow
from playground.render.decoder.process import Process
from playground.types import Refused

try:
    process = Process(own_pillow.ready())
    process.close()
except Refused as refused:
    sys.exit(str(refused))
