from xception import Xception


def run(**options):
    model = Xception(**options)
    state = model.state_dict()
    return {
        "state": state,
        "metadata": state._metadata,
        "text": str(model),
        "parameters": [name for name, _ in model.named_parameters()],
        "numel": sum(parameter.numel() for parameter in model.parameters()),
    }
