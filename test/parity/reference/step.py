import torch
from torch.nn.functional import cross_entropy
from xception import Xception


def run(model, memory_format, size, batch):
    options = model
    memory_format = getattr(torch, memory_format)
    model = Xception(**options).to(memory_format=memory_format)
    images = torch.rand(batch, options.get("in_channels", 3), size, size).to(memory_format=memory_format)
    labels = torch.randint(options["num_classes"], (batch,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.045, momentum=0.9)

    logits = model(images)
    loss = cross_entropy(logits, labels)
    loss.backward()
    gradients = {key: parameter.grad for key, parameter in model.named_parameters()}
    optimizer.step()
    state = model.state_dict()

    model.eval()
    with torch.no_grad():
        evaluated = model(images)
        evaluation = {"logits": evaluated, "loss": cross_entropy(evaluated, labels)}
    return {"images": images, "labels": labels, "logits": logits, "loss": loss, "gradients": gradients,
            "state": state, "evaluation": evaluation}
