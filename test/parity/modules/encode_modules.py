"""What samples of modules hold beside tensors and numbers: modules, functions, packed sequences, options."""

import inspect
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "opinfo"))

from encode import Encoder, Unexportable  # noqa: F401

recurrent = (torch.nn.RNN, torch.nn.GRU, torch.nn.LSTM)


def signature(function):
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return inspect.Signature(parameters)


def constructor(cls):
    """Some constructors take anything and hand it on."""
    if cls in forms:
        return forms[cls]
    if cls not in recurrent:
        return signature(cls.__init__)
    parameters = list(signature(torch.nn.RNNBase.__init__).parameters.values())[1:]
    if cls is torch.nn.RNN:
        parameters.append(inspect.Parameter("nonlinearity", inspect.Parameter.KEYWORD_ONLY, default="tanh"))
    return inspect.Signature(parameters)


def positional(cls):
    """What is given by position here although it has a default."""
    return {"hx", "start_dim", "end_dim"} | ({"p"} if issubclass(cls, torch.nn.modules.dropout._DropoutNd) else set())


def by_name(form, args, kwargs, first=frozenset()):
    """Arguments with a default by name, the others and a few by position: how layers are called here."""
    args, named = [], dict(form.bind(*args, **kwargs).arguments)
    for name, parameter in form.parameters.items():
        if name in named and (parameter.default is parameter.empty or name in first):
            args.append(named.pop(name))
    return args, named


layers = (torch.nn.TransformerEncoderLayer, torch.nn.TransformerDecoderLayer)
forms = {layer: signature(layer.__init__) for layer in layers}


def recording(init):
    """Lets a layer say how it was made: samples of TransformerEncoder hold one."""

    def record(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.made = args, kwargs

    return record


for layer in layers:
    layer.__init__ = recording(layer.__init__)


class ModuleEncoder(Encoder):
    def leaves(self, value):
        if isinstance(value, torch.nn.utils.rnn.PackedSequence):
            return type(value)(*(super(ModuleEncoder, self).leaves(part) for part in value))
        return super().leaves(value)

    def value(self, value):
        if isinstance(value, layers):
            args, kwargs = by_name(forms[type(value)], *value.made)
            state = [[key, tensor] for key, tensor in value.state_dict().items()]
            return {"$": "module", "v": super().value([type(value).__name__, args, kwargs, state])}
        if isinstance(value, torch.nn.utils.rnn.PackedSequence):
            return {"$": "packed", "v": super().value(list(value))}
        if callable(value) and not isinstance(value, type) and hasattr(torch.nn.functional, getattr(value, "__name__", "")):
            return {"$": "function", "v": value.__name__}
        return super().value(value)
