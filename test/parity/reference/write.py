import os

import torch
from resume import train_once
from xception import Xception


def run(folder):
    model = Xception(num_classes=10)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002, amsgrad=True)
    train_once(model, optimizer)
    state, optimizer_state = model.state_dict(), optimizer.state_dict()
    torch.save(state, os.path.join(folder, "last.pt"))
    checkpoint = {"model": state, "optimizer": optimizer_state, "epoch": 3, "rate": 0.1, "name": "a name"}
    torch.save(checkpoint, os.path.join(folder, "checkpoint.pt"))
    return {"state": state, "optimizer": optimizer_state}
