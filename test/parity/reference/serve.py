"""Answers requests on stdin, one JSON line each, with what a program of this folder computed."""

import importlib
import json
import os
import sys
import traceback

# The package's own: Xception in Python.
sys.path.append(os.path.join(os.path.dirname(__file__), "../../../python"))
# Whole programs, as people write them.
sys.path.append(os.path.join(os.path.dirname(__file__), "../../scripts"))

import torch
from flat import flat

# As in libtorch-node: it prints dozens of warnings per forward where the processor does not support it.
torch.backends.nnpack.set_flags(False)


# See ../device.mjs.
if os.environ.get("LIBTORCH_NODE_TEST_DEVICE", "cpu") != "cpu":
    torch.use_deterministic_algorithms(True, warn_only=True)


def answer(program, seed, threads, params, device="cpu"):
    torch.set_default_device(None if device == "cpu" else device)
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    result = importlib.import_module(program).run(**params)
    cuda = {"cuda": torch.cuda.get_rng_state()} if device == "cuda" else {}
    return flat({**result, "generator": torch.get_rng_state(), **cuda})


print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    try:
        reply = {"leaves": answer(**json.loads(line))}
    except Exception:
        reply = {"error": traceback.format_exc()}
    print(json.dumps(reply), flush=True)
