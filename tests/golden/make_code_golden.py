"""Generate code_export.json: what PyTorch and onnxruntime compute from the exported scripts and networks.

The tests read the file and never run this script. To regenerate it, with the packages of the app in one environment and
the others in a second one:

    python -m venv golden && golden/bin/pip install torch==2.13.0 numpy safetensors onnx==1.23.2 onnxruntime==1.32.0
    python tests/golden/make_code_golden.py golden/bin/python

For each case of ``tests/core/code_export/cases.py`` it stores the losses of every epoch, with a digest of the script's
statements; what the script's network predicts after ``load_state_dict`` of the .safetensors file; and what onnxruntime
predicts with the .onnx file, which onnx has checked, with a digest of that file.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

# ruff: noqa: E402 - these need the path
from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from core.code_export.onnx_model import onnx_bytes
from tests.core.code_export.cases import CASES, fingerprint, fixed_features, fixed_network, plan_of, trainer_of

RUN = """
import contextlib, io, json, pathlib, runpy, sys
import numpy as np, onnx, onnxruntime, torch
from safetensors.torch import load_file

torch.set_default_dtype(torch.float64)
found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    with contextlib.redirect_stdout(io.StringIO()):
        names = runpy.run_path(str(path))
    x = np.load(path.with_suffix(".npy"))
    names["network"].load_state_dict(load_file(path.with_suffix(".safetensors")))
    names["network"].eval()
    with torch.no_grad():
        restored = names.get("predict", names["network"])(torch.tensor(x)).numpy()
    onnx.checker.check_model(onnx.load(path.with_suffix(".onnx")), full_check=True)
    session = onnxruntime.InferenceSession(str(path.with_suffix(".onnx")))
    (predicted,) = session.run(["prediction"], {"features": x.astype(np.float32)})
    found[path.stem] = {"history": names["history"], "restored": restored.tolist(), "onnx": predicted.tolist()}
versions = {each.__name__: each.__version__ for each in (torch, onnx, onnxruntime)}
print(json.dumps({"versions": versions, "cases": found}))
"""


def main() -> None:
    """Write scripts and networks, run them with the interpreter given as argument, and store what they return."""
    digests = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, case in enumerate(CASES):
            trainer = trainer_of(case)
            plan, network = plan_of(trainer), fixed_network(trainer)
            script, model = FRAMEWORKS["torch"].script(plan), onnx_bytes(plan, network, ())
            (folder / f"{number}.py").write_text(script.text, encoding="utf-8")
            if script.data_file:
                (folder / script.data_file).write_bytes(script.data)
            (folder / f"{number}.onnx").write_bytes(model)
            (folder / f"{number}.safetensors").write_bytes(MODEL_FORMATS["safetensors"].encode(plan, network))
            np.save(folder / f"{number}.npy", fixed_features(trainer))
            digests[case] = {"script": fingerprint(script), "model": hashlib.sha256(model).hexdigest()}
        answer = subprocess.run([sys.argv[1], "-c", RUN, name], check=True, capture_output=True, text=True)
    result = json.loads(answer.stdout)
    cases = {case: {**digests[case], **result["cases"][str(number)]} for number, case in enumerate(CASES)}
    content = json.dumps({"versions": result["versions"], "cases": cases}, indent=1)
    (ROOT / "tests" / "golden" / "code_export.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
