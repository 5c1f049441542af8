"""Layers and losses whose methods return nothing and keep what they compute on the object."""

from typing import Any

from checkers.findings import Verdict

LAYERS = """
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons, weight_regularizer_l2=5e-4, regularization_lambda=0):
        self.weights = 0.01 * np.random.randn(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))
        self.weight_regularizer_l2 = weight_regularizer_l2
        self.regularization_lambda = regularization_lambda

    def forward(self, inputs, training):
        self.output = np.dot(inputs, self.weights) + self.biases
        self.inputs = inputs

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        self.dweights += 2 * self.weight_regularizer_l2 * self.weights
        self.dweights += 2 * self.regularization_lambda * self.weights
        self.dinputs = np.dot(dvalues, self.weights.T)

class Activation_ReLU:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0

class Activation_Sigmoid:
    def forward(self, inputs):
        self.inputs = inputs
        self.outputs = 1 / (1 + np.exp(-inputs))

    def backward(self, dvalues):
        self.dvalues = dvalues * (1 - self.outputs) * self.outputs

class Activation_Linear:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = inputs

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
"""

LOSSES = """
class Activation_Softmax:
    def forward(self, inputs):
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exp_values / np.sum(exp_values, axis=1, keepdims=True)

    def backward(self, dvalues):
        self.dinputs = np.empty_like(dvalues)
        for index, (single_output, single_dvalues) in enumerate(zip(self.output, dvalues)):
            single_output = single_output.reshape(-1, 1)
            jacobian = np.diagflat(single_output) - np.dot(single_output, single_output.T)
            self.dinputs[index] = np.dot(jacobian, single_dvalues)

class Loss:
    def calculate(self, output, y):
        return np.mean(self.forward(output, y))

class Loss_CategoricalCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        clipped = np.clip(y_pred, 1e-7, 1 - 1e-7)
        if len(y_true.shape) == 1:
            return -np.log(clipped[range(len(y_pred)), y_true])
        return -np.log(np.sum(clipped * y_true, axis=1))

    def backward(self, dvalues, y_true):
        samples = len(dvalues)
        if len(y_true.shape) == 1:
            y_true = np.eye(len(dvalues[0]))[y_true]
        self.dinputs = -y_true / dvalues
        self.dinputs = self.dinputs / samples

class Activation_Softmax_Loss_CategoricalCrossentropy:
    def __init__(self):
        self.activation = Activation_Softmax()
        self.loss = Loss_CategoricalCrossentropy()

    def forward(self, inputs, y_true):
        self.activation.forward(inputs)
        self.output = self.activation.output
        return self.loss.calculate(self.output, y_true)

    def backward(self, dvalues, y_true):
        samples = len(dvalues)
        if len(y_true.shape) == 2:
            y_true = np.argmax(y_true, axis=1)
        self.dinputs = dvalues.copy()
        self.dinputs[range(samples), y_true] -= 1
        self.dinputs = self.dinputs / samples
"""

DEFERRED = """
class Layer_Dense:
    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues) / len(dvalues)
"""

TANH = """
class Tanh:
    def forward(self, z):
        self.a = np.tanh(z)
        {more}

    def backward(self, grad):
        self.dz = grad * (1 - self.a**2){times}
"""


def wrong(checked: Any) -> set[str]:
    """The names of the tasks that are wrong; every task is decided."""
    assert {task.verdict for task in checked.tasks} <= {Verdict.RIGHT, Verdict.WRONG}
    return {task.name for task in checked.tasks if task.verdict is Verdict.WRONG}


def test_what_a_forward_keeps_is_its_value(check: Any) -> None:
    checked = check(LAYERS)
    assert len(checked.tasks) == 4
    assert wrong(checked) == set()


def test_mistakes_in_what_is_kept_are_found(check: Any) -> None:
    mistakes = {
        "[self.inputs <= 0]": "[dvalues <= 0]",
        "np.sum(dvalues, axis=0, keepdims=True)": "np.sum(dvalues)",
        "* (1 - self.outputs) * self.outputs": "* self.outputs",
    }
    source = LAYERS
    for right, mistake in mistakes.items():
        assert right in source
        source = source.replace(right, mistake)
    assert wrong(check(source)) == {"Layer_Dense.backward", "Activation_ReLU.backward", "Activation_Sigmoid.backward"}


def test_losses_of_samples_whose_mean_the_class_takes(check: Any) -> None:
    checked = check(LOSSES)
    assert len(checked.tasks) == 3
    assert wrong(checked) == set()


def test_a_gradient_that_is_not_divided_is_found_unless_the_layers_divide(check: Any) -> None:
    undivided = LOSSES.replace("        self.dinputs = self.dinputs / samples\n", "")
    losses = {
        "Loss_CategoricalCrossentropy.backward",
        "Activation_Softmax_Loss_CategoricalCrossentropy.backward",
    }
    assert wrong(check(undivided)) == losses
    assert wrong(check(undivided + DEFERRED)) == set()


def test_a_forward_that_keeps_two_values_is_left_alone(check: Any) -> None:
    assert wrong(check(TANH.format(more="", times=""))) == set()
    assert wrong(check(TANH.format(more="", times=" * 2"))) == {"Tanh.backward"}
    assert check(TANH.format(more="self.output = 2 * self.a", times="")).tasks == ()


def test_an_upstream_gradient_that_may_be_of_the_scores_proves_no_mistake(check: Any) -> None:
    source = """
    class Layer:
        def __init__(self, n_in, n_out):
            self.W = np.random.randn(n_in, n_out)

        def forward(self, x):
            self.x = x
            self.z = x @ self.W
            self.a = np.tanh(self.z)

        def backward(self, {upstream}):
            self.dW = self.x.T @ {upstream}
            self.dx = {upstream} @ self.W.T
    """
    assert check(source.format(upstream="delta")).tasks == ()
    assert wrong(check(source.format(upstream="da"))) == {"Layer.backward"}


def test_a_loss_whose_backward_takes_the_labels_alone(check: Any) -> None:
    source = """
    class SoftmaxLoss:
        def forward(self, inputs, y):
            e = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
            self.outputs = e / np.sum(e, axis=1, keepdims=True)
            return -np.mean(np.log(self.outputs[range(len(y)), y]))

        def backward(self, y):
            self.dinputs = self.outputs.copy()
            self.dinputs[range(len(y)), y] -= 1
            self.dinputs /= {count}
    """
    assert wrong(check(source.format(count="len(y)"))) == set()
    assert wrong(check(source.format(count="1"))) == {"SoftmaxLoss.backward"}


def test_cupy_is_stood_in_for(check: Any) -> None:
    source = """
    import cupy as cp

    def sigmoid(z):
        return 1 / (1 + cp.exp(-z))

    def sigmoid_prime(z):
        return cp.asnumpy(sigmoid(z) * (1 - sigmoid(z))){times}
    """
    assert [task.verdict for task in check(source.format(times="")).tasks] == [Verdict.RIGHT]
    assert wrong(check(source.format(times=" * 2"))) == {"sigmoid_prime"}


def test_binary_cross_entropy_is_not_read_with_a_single_class(check: Any) -> None:
    source = """
    def binary_cross_entropy(y_true, y_pred, epsilon=1e-10):
        y_pred = np.clip(y_pred, epsilon, 1 - epsilon)
        return -np.mean(y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred))

    def binary_cross_entropy_derivative(y_true, y_pred, epsilon=1e-10):
        y_pred = np.clip(y_pred, epsilon, 1 - epsilon)
        return (y_pred - y_true) / (y_pred * (1 - y_pred)){size}
    """
    assert wrong(check(source.format(size=" / y_true.size"))) == set()
    assert wrong(check(source.format(size=""))) == {"binary_cross_entropy_derivative"}
