"""Reads one JSON request a line from stdin and answers with one JSON line on what was stdout."""

import os
import sys

# What the user's own code prints goes to stderr.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from libtorch_node_parity.session import serve

# The user's modules may have the names of the files here.
sys.path.pop(0)
serve(sys.stdin, answers)
