import torch
from torch.utils import data
from torch.utils.data.distributed import DistributedSampler


class Squares(data.Dataset):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if index >= self.length:
            raise IndexError
        return index * index


def run():
    squares = Squares(10)

    def generator():
        return torch.Generator().manual_seed(7)

    def distributed(**options):
        told = []
        for rank in range(3):
            sampler = DistributedSampler(squares, num_replicas=3, rank=rank, **options)
            first = list(sampler)
            sampler.set_epoch(1)
            told.append([first, list(sampler), len(sampler)])
        return told

    split = data.random_split(squares, [3, 7])
    shares = data.random_split(squares, [0.33, 0.33, 0.34], generator=generator())
    stacked = data.StackDataset(*(data.Subset(each, [0, 3, 2]) for each in (squares, split[1])))
    named = data.StackDataset(a=squares, b=data.ConcatDataset([Squares(4), Squares(6)]))
    return {
        "subset": list(data.SubsetRandomSampler([5, 3, 8, 1])),
        "subsetSeeded": list(data.SubsetRandomSampler([5, 3, 8, 1], generator=generator())),
        "weighted": list(data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3, 0.6], 12)),
        "unrepeated": list(data.WeightedRandomSampler([0.9, 0.4, 0.05, 0.2, 0.3, 0.1], 5, replacement=False)),
        "random": list(data.RandomSampler(squares, replacement=True, num_samples=40, generator=generator())),
        "batches": list(data.BatchSampler(data.SubsetRandomSampler([0, 1, 2, 3, 4]), 2, False)),
        "distributed": distributed(seed=3),
        "distributedDropped": distributed(shuffle=False, drop_last=True),
        "distributedFew": [list(DistributedSampler(Squares(1), num_replicas=4, rank=rank * 3)) for rank in range(2)],
        "split": [list(subset) for subset in split],
        "shares": [list(subset.indices) for subset in shares],
        "concat": list(data.ConcatDataset([Squares(3), Squares(2)])),
        "stacked": [stacked[index] for index in range(len(stacked))],
        "named": named.__getitems__([9, 0]),
    }
