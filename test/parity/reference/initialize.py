import re

import torch
from torch.nn import init


def run(initializer, shape, args=(), options={}, own_generator=False):
    generator = torch.Generator(torch.get_default_device()).manual_seed(5) if own_generator else None
    named = {**options, "generator": generator} if generator else options
    initializer = getattr(init, re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), initializer))
    return {"tensor": initializer(torch.empty(shape), *args, **named), "own": generator and generator.get_state()}
