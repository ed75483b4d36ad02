"""Loads or saves the state dict of Xception in PyTorch: milliseconds per pass, growth of peak memory in MB."""

import json
import os
import pathlib
import re
import sys
import time

import torch

settings = json.loads(sys.argv[1])
path = settings["path"]


def megabytes(field):
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+)", status).group(1)) / 1024


if settings["mode"] != "load":
    saving = torch.load(settings["source"])


def load():
    torch.load(path, mmap=True)


def save():
    torch.save(saving, path)


def save_flushed():
    """As ours does: a temporary file, on the disk before it takes the place of the old one."""
    with open(f"{path}.tmp", "wb") as file:
        torch.save(saving, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.tmp", path)


run = {"load": load, "save": save, "save-flushed": save_flushed}[settings["mode"]]


pathlib.Path("/proc/self/clear_refs").write_text("5")
before = megabytes("VmRSS")
ms = []
for _ in range(settings["passes"]):
    begin = time.perf_counter()
    run()
    ms.append((time.perf_counter() - begin) * 1000)
print(json.dumps({"ms": ms, "growth": megabytes("VmHWM") - before}))
