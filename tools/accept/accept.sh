#!/usr/bin/env bash
# Unpacks libtorch-node.tar.xz beside this file and runs npm run accept:cuda there. Needs bash, a C++ compiler, CMake,
# ninja or make, and a Python that has torch (PYTHON, else python3); neither Node, npm nor a registry. ACCEPT_FOLDER names
# another place to unpack to.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=$(command -v "${PYTHON:-python3}") || {
  echo "accept: no ${PYTHON:-python3} here; PYTHON names a Python that has torch" >&2
  exit 1
}
folder=${ACCEPT_FOLDER:-$here/libtorch-node}
if [ ! -x "$folder/bin/node" ]; then
  mkdir -p "$folder"
  "$python" -W ignore -m tarfile -e "$here/libtorch-node.tar.xz" "$folder"
fi
LIBTORCH=${LIBTORCH:-$("$python" -c 'import importlib.util as u, os; print(os.path.dirname(u.find_spec("torch").origin))')}
# cuBLAS reads the last one once, before any of its calls.
export LIBTORCH LIBTORCH_NODE_PYTHON="$python" PATH="$folder/bin:$PATH" CUBLAS_WORKSPACE_CONFIG=:4096:8
cd "$folder"
exec node tools/accept/cli.mjs "$@"
