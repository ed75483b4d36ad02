import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, get_worker_info


class Drawn(Dataset):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        info = get_worker_info()
        seed = str(info.seed) if info else "undefined"
        return {"index": index, "id": info.id if info else -1, "seed": seed, "drawn": torch.rand(2)}


class Counted(IterableDataset):
    def __init__(self, length):
        self.end = length

    def __iter__(self):
        info = get_worker_info()
        end = self.end // 2 if info and info.id == 1 else self.end
        for i in range(info.id if info else 0, end, info.num_workers if info else 1):
            yield [i, torch.rand(2)]


def run(kind, length, options, epochs, threads=False, seed=None):
    dataset = (Counted if kind == "iterable" else Drawn)(length)
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    train = DataLoader(dataset, generator=generator, **options)
    evaluation = DataLoader(dataset, batch_size=5)
    seen = []
    for _ in range(epochs):
        seen += list(train)
        seen += list(evaluation)
    return {"seen": seen, "state": generator.get_state() if generator else None}
