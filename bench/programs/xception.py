"""One run of Xception in PyTorch with its defaults: times per pass, peak memory, the bits of the last output."""

import hashlib
import json
import pathlib
import re
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python"))
sys.dont_write_bytecode = True
from xception import Xception  # noqa: E402

settings = json.loads(sys.argv[1])
torch.backends.nnpack.set_flags(False)
device = settings.get("device", "cpu")
on_gpu = device == "cuda"
if on_gpu:
    torch.use_deterministic_algorithms(True)
torch.set_num_threads(settings["threads"])
torch.manual_seed(0)
batch, size = settings["batch"], settings["size"]
model = Xception(num_classes=1000, init="default").to(device)
images = torch.rand(batch, 3, size, size).to(device)
labels = torch.arange(batch).to(device)
if settings.get("channelsLast"):
    model = model.to(memory_format=torch.channels_last)
    images = images.to(memory_format=torch.channels_last)
if settings["mode"] == "forward":
    model.eval()
else:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)


def run():
    if settings["mode"] == "forward":
        with torch.no_grad():
            return model(images)
    optimizer.zero_grad()
    with torch.autocast(device, enabled=bool(settings.get("autocast")), dtype=torch.bfloat16):
        loss = torch.nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss


ms = []
for _ in range(settings["passes"]):
    begin = time.perf_counter()
    result = run()
    if on_gpu:
        torch.cuda.synchronize()
    ms.append((time.perf_counter() - begin) * 1000)
digest = hashlib.sha256(result.detach().cpu().contiguous().numpy().tobytes()).hexdigest()[:16]
status = pathlib.Path("/proc/self/status").read_text()
peak = int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024
if on_gpu:
    peak = torch.cuda.max_memory_allocated() / 1024 / 1024
print(json.dumps({"ms": ms, "peak": peak, "digest": digest}))
