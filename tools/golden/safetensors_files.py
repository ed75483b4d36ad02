"""Files of Python's safetensors and huggingface_hub, for test/serialization/safetensors.

    python tools/golden/safetensors_files.py test/serialization/safetensors/golden

needs torch, safetensors 0.8 and huggingface_hub.
"""

import sys
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict
from safetensors.torch import save_file

DTYPES = (
    'bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 '
    'float8_e5m2 float8_e4m3fn float8_e5m2fnuz float8_e4m3fnuz float8_e8m0fnu'
).split()


def count(n, dtype=torch.float32):
    return torch.arange(n, dtype=torch.int64).to(dtype)


def main(folder):
    folder = Path(folder)
    # An odd number of bytes each, so that what follows a one-byte dtype is not aligned.
    dtypes = {name: count(3).to(getattr(torch, name)) for name in DTYPES}
    save_file(dtypes, folder / 'dtypes.safetensors')

    names = {
        'b': count(4),
        'a': count(2),
        'é"\\\n😀': count(1),
        '': torch.tensor(3.5),
        'empty': torch.empty(0, 3),
        'constructor': count(6).view(2, 3),
    }
    save_file(names, folder / 'names.safetensors', {'a "note"': 'über'})
    save_file({}, folder / 'nothing.safetensors')

    model = {f'layer{i}.weight': count(8).view(2, 4) + i for i in range(4)}
    # One entry of metadata only: the order of more is that of a hash table.
    (folder / 'sharded').mkdir(exist_ok=True)
    save_torch_state_dict(model, folder / 'sharded', max_shard_size=64)


main(sys.argv[1])
