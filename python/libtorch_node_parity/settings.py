"""What a process can be told that changes bits, under the names of libtorch-node's own list."""

import torch
from torch.backends import cudnn, mkldnn

SWITCHES = {
    "threads": (torch.get_num_threads, torch.set_num_threads),
    # Where the processor does not support it, it is not used.
    "nnpack": (lambda: torch._C._get_nnpack_enabled() and torch._nnpack_available(), torch._C._set_nnpack_enabled),
    "mkldnn": (lambda: mkldnn.enabled, lambda value: mkldnn.set_flags(value)),
    "deterministic algorithms": (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    "float32 matmul precision": (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
    "cudnn": (lambda: cudnn.enabled, lambda value: cudnn.set_flags(_enabled=value)),
    "cudnn.benchmark": (lambda: cudnn.benchmark, lambda value: cudnn.set_flags(_benchmark=value)),
    "cudnn.deterministic": (lambda: cudnn.deterministic, lambda value: cudnn.set_flags(_deterministic=value)),
    "cudnn.allow_tf32": (lambda: cudnn.allow_tf32, lambda value: cudnn.set_flags(_allow_tf32=value)),
    "cuda.matmul.allow_tf32": (
        lambda: torch.backends.cuda.matmul.allow_tf32,
        lambda value: setattr(torch.backends.cuda.matmul, "allow_tf32", value),
    ),
}


def state(model):
    return [*model.named_parameters(), *model.named_buffers()]


def read(model):
    return {
        "switches": {name: get() for name, (get, _) in SWITCHES.items()},
        "unaligned": [name for name, tensor in state(model) if tensor.data_ptr() % 16],
        "facts": {
            "torch": torch.__version__,
            "CPU capability": torch.backends.cpu.get_cpu_capability(),
        },
    }


def switch(values):
    for name, value in values.items():
        SWITCHES[name][1](value)


def adopt(model, wanted):
    switch(wanted.get("switches", {}))
    strides = wanted.get("layout", {})
    with torch.no_grad():
        for name, tensor in state(model):
            if name in strides:
                tensor.data = torch.empty_strided(
                    tensor.shape, strides[name], dtype=tensor.dtype, device=tensor.device).copy_(tensor)
            elif wanted.get("alignment"):
                tensor.data = tensor.data.clone()
