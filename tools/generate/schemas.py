"""Prints every ATen operator of the installed PyTorch as JSON: its registered schema and how Python binds it.

The schemas are the dispatcher's own. native_functions.yaml, which the wheel ships, says method or function and
which Python module; it is read line by line because torchgen's own reader needs PyYAML.
"""

import ast
import json
import pathlib
import re

import torch
import torchgen

packaged = pathlib.Path(torchgen.__file__).parent / "packaged"


def declared():
    """{"add.Tensor": {"variants": ..., "python_module": ..., "tags": ...}}"""
    entries, entry = {}, {}
    for line in (packaged / "ATen/native/native_functions.yaml").read_text().splitlines():
        if line.startswith("- func: "):
            entry = entries[line[len("- func: ") :].split("(")[0]] = {}
        elif match := re.match(r"  (\w+): *([^#]*)", line):
            entry[match[1]] = match[2].strip()
    return entries


def skip_patterns():
    """The names that torchgen gives no Python binding: bound by hand or not at all."""
    tree = ast.parse((packaged / "autograd/gen_python_functions.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "_SKIP_PYTHON_BINDINGS":
            return [re.compile(f"^{pattern}$") for pattern in ast.literal_eval(node.value)]
    raise LookupError("gen_python_functions.py has no _SKIP_PYTHON_BINDINGS")


def value(default):
    return None if default is None else str(default)


def main():
    native, skipped, operators = declared(), skip_patterns(), []
    for qualified in sorted(torch._C._dispatch_get_all_op_names()):
        name, _, overload = qualified.partition(".")
        namespace, base = name.split("::")
        if namespace != "aten":
            continue
        schema = torch._C._get_schema(name, overload)
        entry = native.get(f"{base}.{overload}" if overload else base)
        operators.append(
            {
                "name": base,
                "overload": overload,
                "schema": str(schema),
                "declared": entry is not None,
                "variants": (entry or {}).get("variants", "function").replace(" ", "").split(","),
                "module": (entry or {}).get("python_module", "torch"),
                "manual": "manual_cpp_binding" in (entry or {}),
                "bound": not any(pattern.match(base) for pattern in skipped),
                "public": callable(getattr(torch, base, None)),
            }
        )
    print(json.dumps({"version": torch.__version__.split("+")[0], "operators": operators}))


main()
