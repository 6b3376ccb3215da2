"""Generate tf_playground.json: weights and biases of links trained in JavaScript like in TensorFlow Playground.

The tests read the file and never run this script. To regenerate it, from the top folder, with Node.js installed:

    python -m tests.golden.make_tf_playground_golden

For each link the file contains the parameters (layer by layer, weights then biases) after some epochs. Data and initial
parameters are those of the experiment; the exponential function and tanh are Node's, which differ from NumPy's in the last
bits.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from core.experiment.tf_playground_link import parse_link
from tests.core.support import new_trainer

EPOCHS = 40

LINKS = {
    "tanh, L1 and a rest": "#seed=0.3&regularization=L1&regularizationRate=0.02&batchSize=30&dataset=xor",
    "ReLU, L1": "#seed=0.2&regularization=L1&regularizationRate=0.01&learningRate=0.1&batchSize=25&activation=relu",
    "sigmoid, L2 and a rest": "#seed=0.4&regularization=L2&regularizationRate=0.01&batchSize=7&activation=sigmoid",
}


def main() -> None:
    here, golden = Path(__file__).parent, {}
    for name, link in LINKS.items():
        trainer = new_trainer(parse_link(link).experiment)
        network, settings, data = trainer.network, trainer.experiment.training, trainer.data
        task = {
            "x": data.x_train.tolist(),
            "y": data.y_train[:, 0].tolist(),
            "layers": [
                {
                    "activation": layer.activation,
                    "W": network.weights(index).tolist(),
                    "b": network.bias(index).tolist(),
                }
                for index, layer in enumerate(network.architecture.layers)
            ],
            "batch": settings.batch_size,
            "rate": settings.learning_rate,
            "l1": settings.l1,
            "l2": settings.l2,
            "epochs": EPOCHS,
        }
        program = ["node", str(here / "tf_playground.js")]
        done = subprocess.run(program, input=json.dumps(task), capture_output=True, text=True, check=True)
        golden[name] = {"link": link, "epochs": EPOCHS, "parameters": json.loads(done.stdout)}
    (here / "tf_playground.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
