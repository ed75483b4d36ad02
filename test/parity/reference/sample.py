import torch
from torch.utils.data import DataLoader, RandomSampler, TensorDataset


def run(count, batch_size, own_generator, shuffle, drop_last, replaced=None):
    dataset = TensorDataset(torch.arange(count), torch.rand(count))
    generator = torch.Generator().manual_seed(123) if own_generator else None
    sampler = RandomSampler(dataset, True, replaced, generator) if replaced else None
    loader = DataLoader(dataset, batch_size, shuffle, sampler=sampler, drop_last=drop_last, generator=generator)
    evaluation = DataLoader(dataset, batch_size=7)
    epochs = []
    for _ in range(3):
        batches = list(loader)
        evaluated = [indices for indices, _ in evaluation]
        epochs.append({"batches": batches, "evaluated": evaluated, "drawn": torch.rand(2)})
    return {"length": len(loader), "epochs": epochs, "own": generator.get_state() if generator else None}
