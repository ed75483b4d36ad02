"""The training that runs beside the one in lib/parity/run.ts, in the same order, and the requests that drive it."""

import importlib
import importlib.util
import json
import os
import sys
import traceback

import torch

from . import settings
from .observations import Observations, leaves
from .operators import Operators


def import_reference(name):
    """`module:function` or `file.py:function`; without a function the file's or module's `model`."""
    path, _, function = name.rpartition(":")
    if not path:
        path, function = name, "model"
    if not path.endswith(".py"):
        sys.path.insert(0, os.getcwd())
        return getattr(importlib.import_module(path), function)
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location("reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, function)


class Run:
    def __init__(self, plan, adopt):
        if plan["threads"] is not None:
            torch.set_num_threads(plan["threads"])
        if plan["device"] != "cpu":
            torch.use_deterministic_algorithms(True)
            torch.backends.cudnn.benchmark = False
        torch.manual_seed(plan["seed"])
        self.plan = plan
        self.model = import_reference(plan["reference"])()
        self.move()
        self.original = settings.read(self.model)
        settings.adopt(self.model, adopt)
        self.seen = Observations(self.model)
        optimizer = getattr(torch.optim, plan["optimizer"])
        rate = {} if plan["lr"] is None else {"lr": plan["lr"]}
        self.optimizer = optimizer(self.model.parameters(), **rate)
        self.seen.state("construction")
        self.seen.generator("construction")

    def move(self):
        self.format = getattr(torch, self.plan["memory_format"])
        if self.plan["weights"]:
            self.model.load_state_dict(torch.load(self.plan["weights"], map_location="cpu"))
        self.model.to(device=self.plan["device"])
        if self.plan["memory_format"] != "contiguous_format":
            self.model.to(memory_format=self.format)

    def inputs(self):
        images = torch.rand(self.plan["batch"], *self.plan["input"])
        images = images.to(self.plan["device"])
        if images.dim() == 4:
            images = images.to(memory_format=self.format)
        self.seen.note("input", "", "input", images)
        return images

    def loss(self, output):
        total = None
        for logits in leaves(output):
            shape = [logits.shape[0], *logits.shape[2:]]
            labels = torch.randint(logits.shape[1], shape).to(logits.device)
            loss = torch.nn.functional.cross_entropy(logits, labels)
            total = loss if total is None else total + loss
        return total

    def step(self, operators=()):
        self.seen.clear()
        self.model.train()
        images = self.inputs()
        self.optimizer.zero_grad()
        with self.seen.forward("forward"), Operators(self.model, operators) as calls:
            output = self.model(images)
        loss = self.loss(output)
        self.seen.note("loss", "", "loss", loss)
        loss.backward()
        self.seen.gradients()
        self.optimizer.step()
        self.seen.state("update")
        self.seen.generator("update")
        return calls.made

    def evaluate(self, operators=()):
        self.seen.clear()
        self.model.eval()
        images = self.inputs()
        with torch.no_grad(), self.seen.forward("evaluation"), Operators(self.model, operators) as calls:
            self.model(images)
        return calls.made


class Session:
    """Answers requests; a run that begins finds the settings as the first one has left them."""

    run = None
    original = None

    def begin(self, plan, adopt):
        if self.original is not None:
            settings.switch(self.original)
        self.run = Run(plan, adopt)
        if self.original is None:
            self.original = self.run.original["switches"]
        return {"settings": self.run.original, "layers": self.run.seen.layers(), "observations": self.run.seen.rows}

    def step(self, operators):
        made = self.run.step(operators)
        return {"observations": self.run.seen.rows, "operators": made}

    def evaluate(self, operators):
        made = self.run.evaluate(operators)
        return {"observations": self.run.seen.rows, "operators": made}

    def fetch(self, numbers, file):
        torch.save([self.run.seen.tensors[number] for number in numbers], file)
        return {}


def serve(requests, answers):
    session = Session()
    print(json.dumps({"torch": torch.__version__}), file=answers, flush=True)
    for line in requests:
        request = json.loads(line)
        try:
            reply = getattr(session, request.pop("command"))(**request)
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        print(json.dumps(reply), file=answers, flush=True)
