import torch
from torch import cuda

COUNTED = ["allocated_bytes.all", "allocation.all", "allocation.small_pool", "requested_bytes.all"]


def run():
    cuda.synchronize()
    cuda.empty_cache()
    cuda.reset_peak_memory_stats()
    before = cuda.memory_stats()
    seen = []

    def look():
        now = cuda.memory_stats()
        fields = ("current", "allocated", "freed")
        seen.append([[now[f"{name}.{field}"] - before[f"{name}.{field}"] for field in fields] for name in COUNTED])

    x = torch.rand(1000, 1000, device="cuda")
    look()
    y = x.mul(2)
    small = torch.ones(3, device="cuda")
    look()
    del y
    look()
    side = cuda.Stream()
    start, end = cuda.Event(enable_timing=True), cuda.Event(enable_timing=True)
    side.wait_stream(cuda.current_stream())
    start.record()
    with cuda.stream(side):
        # Two tensors at a time, as where each result has a name.
        added = x.add(1)
        total_of = added.cos()
    del added
    x.record_stream(side)
    cuda.current_stream().wait_stream(side)
    end.record()
    end.synchronize()
    peak = cuda.max_memory_allocated() - before["allocated_bytes.all.current"]
    queried = [side.query(), end.query(), start.elapsed_time(end) > 0, side == cuda.current_stream()]
    device = cuda.get_device_properties()
    flags = [torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.benchmark,
             torch.backends.cudnn.deterministic, torch.backends.cudnn.enabled]
    properties = [device.major, device.minor, device.name, device.multi_processor_count, device.total_memory,
                  cuda.mem_get_info()[1]]
    return {"seen": seen, "peak": peak, "queried": queried, "flags": flags, "small": small, "sum": total_of,
            "properties": properties, "cudnn": torch.backends.cudnn.version()}
