import torch
from torch.nn import init


def run(nonlinearities, slopes, shapes):
    return {
        "gains": [float(init.calculate_gain(name)) for name in nonlinearities],
        "leaky": [init.calculate_gain("leaky_relu", slope) for slope in slopes],
        "fans": [list(init._calculate_fan_in_and_fan_out(torch.empty(shape))) for shape in shapes],
    }
