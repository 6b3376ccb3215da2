"""Every activation as source code for NumPy, PyTorch, Keras and ONNX, for exported scripts and models.

Expressions use the names ``z`` and, if the activation has a parameter, ``alpha``; in constructor calls ``{alpha}`` is replaced by
its value. The registry :mod:`core.formulas.activations` refers to these constants; the tests compare each with its function.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class ActivationCode(Struct, frozen=True, kw_only=True):
    """One activation as source code.

    Attributes:
        numpy: φ(z).
        numpy_slope: φ′(z); empty for softmax, whose Jacobian is not diagonal.
        numpy_alpha_slope: ∂φ/∂α; empty unless α is learned.
        numpy_helper: definitions that those expressions use.
        torch: the module's constructor call.
        torch_result: φ(z) as a function call, for the output's activation where the loss takes z.
        torch_helper: definition of that module; empty if ``torch.nn`` has it.
        keras: the value of a layer's ``activation``.
        keras_layer: constructor call of a separate layer that computes the activation; empty if ``keras`` does.
        onnx: nodes, one per line: ``result = Operator(inputs | attributes)``; numbers are constants, the last result is φ(z).
    """

    numpy: str
    numpy_slope: str = ""
    numpy_alpha_slope: str = ""
    numpy_helper: str = ""
    torch: str
    torch_result: str = ""
    torch_helper: str = ""
    keras: str
    keras_layer: str = ""
    onnx: tuple[str, ...]


_SIGMOID: Final = "1 / (1 + np.exp(-z))"

_ERF: Final = """\
erf = np.vectorize(math.erf, otypes=[float])  # NumPy has no error function
"""

_TORCH_THRESHOLD: Final = """\
class Threshold(nn.Module):
    \"\"\"1 for z >= 0, else 0; its slope is 0, so no earlier layer learns.\"\"\"

    def forward(self, z):
        return (z >= 0).to(z.dtype) + 0 * z
"""

_TORCH_SWISH: Final = """\
class Swish(nn.Module):
    \"\"\"z times the sigmoid of alpha z; nn.SiLU is the same with alpha = 1.\"\"\"

    def __init__(self, alpha):
        super().__init__()
        self.alpha = alpha

    def forward(self, z):
        return z * torch.sigmoid(self.alpha * z)
"""

IDENTITY: Final = ActivationCode(
    numpy="z", numpy_slope="np.ones_like(z)", torch="nn.Identity()", keras='"linear"', onnx=("a = Identity(z)",)
)
THRESHOLD: Final = ActivationCode(
    numpy="1.0 * (z >= 0)",
    numpy_slope="np.zeros_like(z)",
    torch="Threshold()",
    torch_helper=_TORCH_THRESHOLD,
    keras="lambda z: keras.ops.cast(z >= 0, z.dtype) + 0 * z",
    onnx=("fires = GreaterOrEqual(z, 0)", "a = Cast(fires | to=1)"),
)
SIGMOID: Final = ActivationCode(
    numpy=_SIGMOID,
    numpy_slope="np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2",
    torch="nn.Sigmoid()",
    torch_result="torch.sigmoid(z)",
    keras='"sigmoid"',
    onnx=("a = Sigmoid(z)",),
)
TANH: Final = ActivationCode(
    numpy="np.tanh(z)",
    numpy_slope="1 - np.tanh(z) ** 2",
    torch="nn.Tanh()",
    keras='"tanh"',
    onnx=("a = Tanh(z)",),
)
RELU: Final = ActivationCode(
    numpy="np.maximum(z, 0)", numpy_slope="1.0 * (z > 0)", torch="nn.ReLU()", keras='"relu"', onnx=("a = Relu(z)",)
)
LEAKY_RELU: Final = ActivationCode(
    numpy="np.where(z > 0, z, alpha * z)",
    numpy_slope="np.where(z > 0, 1.0, alpha)",
    torch="nn.LeakyReLU({alpha})",
    keras="lambda z: keras.activations.leaky_relu(z, negative_slope={alpha})",
    onnx=("a = LeakyRelu(z | alpha)",),
)
PRELU: Final = ActivationCode(
    numpy="np.where(z > 0, z, alpha * z)",
    numpy_slope="np.where(z > 0, 1.0, alpha)",
    numpy_alpha_slope="np.minimum(z, 0)",
    torch="nn.PReLU(init={alpha})",
    keras='"linear"',
    keras_layer="layers.PReLU(alpha_initializer=keras.initializers.Constant({alpha}), shared_axes=[1])",
    onnx=("a = LeakyRelu(z | alpha)",),
)
ELU: Final = ActivationCode(
    numpy="np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))",
    numpy_slope="np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))",
    torch="nn.ELU({alpha})",
    keras="lambda z: keras.activations.elu(z, alpha={alpha})",
    onnx=("a = Elu(z | alpha)",),
)
SELU: Final = ActivationCode(
    numpy="SCALE * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0)))",
    numpy_slope="SCALE * np.where(z > 0, 1.0, ALPHA * np.exp(np.minimum(z, 0)))",
    numpy_helper="ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805  # keep mean 0 and variance 1\n",
    torch="nn.SELU()",
    keras='"selu"',
    onnx=("a = Selu(z)",),
)
GELU: Final = ActivationCode(
    numpy="z * 0.5 * (1 + erf(z / math.sqrt(2)))",
    numpy_slope="0.5 * (1 + erf(z / math.sqrt(2))) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)",
    numpy_helper=_ERF,
    torch="nn.GELU()",
    keras='"gelu"',
    onnx=(
        "scaled = Mul(z, 0.7071067811865476)",
        "error = Erf(scaled)",
        "twice = Add(error, 1)",
        "share = Mul(twice, 0.5)",
        "a = Mul(z, share)",
    ),
)
SWISH: Final = ActivationCode(
    numpy="z / (1 + np.exp(-alpha * z))",
    numpy_slope="(1 + np.exp(-alpha * z) * (1 + alpha * z)) / (1 + np.exp(-alpha * z)) ** 2",
    torch="Swish({alpha})",
    torch_helper=_TORCH_SWISH,
    keras="lambda z: z * keras.ops.sigmoid({alpha} * z)",
    onnx=("scaled = Mul(z, alpha)", "gate = Sigmoid(scaled)", "a = Mul(z, gate)"),
)
SOFTPLUS: Final = ActivationCode(
    numpy="np.logaddexp(0, z)",
    numpy_slope=_SIGMOID,
    torch="nn.Softplus(threshold=40)",
    keras="lambda z: keras.ops.logaddexp(0 * z, z)",
    onnx=("a = Softplus(z)",),
)
MISH: Final = ActivationCode(
    numpy="z * np.tanh(np.logaddexp(0, z))",
    numpy_slope="np.tanh(np.logaddexp(0, z)) + z * (1 - np.tanh(np.logaddexp(0, z)) ** 2) / (1 + np.exp(-z))",
    torch="nn.Mish()",
    keras='"mish"',
    onnx=("soft = Softplus(z)", "gate = Tanh(soft)", "a = Mul(z, gate)"),
)
SOFTMAX: Final = ActivationCode(
    numpy="np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)",
    torch="nn.Softmax(dim=1)",
    torch_result="torch.softmax(z, dim=1)",
    keras='"softmax"',
    onnx=("a = Softmax(z | axis=1)",),
)
