import torch
from torch.nn.functional import interpolate
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Augmented(Dataset):
    def __init__(self, length, size):
        self.length, self.size = length, size
        generator = torch.Generator().manual_seed(1)
        self.images = torch.randint(256, (length, 3, 40, 56), dtype=torch.uint8, generator=generator)

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        info = get_worker_info()
        height, width = int(torch.empty(1).uniform_(8, 40).item()), int(torch.empty(1).uniform_(8, 56).item())
        top, left = torch.randint(41 - height, (1,)).item(), torch.randint(57 - width, (1,)).item()
        cut = self.images[index][None, :, top : top + height, left : left + width]
        size = (self.size, self.size)
        # torchvision leaves alone what has the size already.
        if cut.shape[-2:] != size:
            cut = interpolate(cut, size=size, mode="bilinear", antialias=True)
        turned = cut[0].flip(-1) if torch.empty(1).uniform_(0, 1).item() < 0.5 else cut[0]
        mean, std = (torch.tensor(values).view(-1, 1, 1) for values in ([0.5, 0.4, 0.3], [0.2, 0.3, 0.4]))
        scaled = turned.to(torch.float32).mul_(1 / 255)
        noisy = scaled.sub(mean).div_(std) + torch.randn(3, *size)
        return {"index": index, "seed": str(info.seed) if info else "undefined", "image": noisy, "total": noisy.sum()}


def run(length, size, batch_size, num_workers, epochs, threads=False):
    loader = DataLoader(Augmented(length, size), batch_size, shuffle=True, num_workers=num_workers)
    return {"seen": [batch for _ in range(epochs) for batch in loader]}
