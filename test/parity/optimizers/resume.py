"""Goes on from the states that libtorch-node left after five steps: one JSON line for each, what there is after ten.

    python resume.py FOLDER
"""

import json
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parent.parent / "opinfo"))

import torch
from program import STEPS, Run

torch.set_num_threads(1)
for file in pathlib.Path(sys.argv[1]).glob("ours-*.pt"):
    case = file.stem.removeprefix("ours-")
    theirs = torch.load(file.with_name(f"{case}.pt"), weights_only=False)
    kwargs = {
        key: value for key, value in theirs["optimizer"]["param_groups"][0].items() if key not in ("params", "param_names")
    }
    if theirs["class"] == "AdamW":
        kwargs.pop("decoupled_weight_decay")
    line = theirs["case"]
    run = Run(getattr(torch.optim, theirs["class"]), kwargs, getattr(torch, line["dtype"]), line["kind"])
    run.resume(torch.load(file))
    run.steps(STEPS // 2, STEPS)
    print(json.dumps({"case": int(case), "outcome": run.outcome()}), flush=True)
