import numpy as np

np.random.seed(0)


class FullyConnected:

    def __init__(self, n_inputs, n_neurons):
        self.weights = 0.1 * np.random.randn(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases
        return self.output

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        self.dinputs = np.dot(dvalues, self.weights.T)
        return self.dinputs


class ActivationReLU:

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)
        return self.output

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0
        return self.dinputs


class MeanSquaredError:
    """ mean over samples and outputs """

    def forward(self, y_pred, y_true):
        return np.mean((y_true - y_pred) ** 2)

    def backward(self, y_pred, y_true):
        samples = len(y_pred)
        outputs = len(y_pred[0])
        self.dinputs = (y_pred - y_true)
        self.dinputs = self.dinputs / (samples * outputs)
        return self.dinputs


class SGD:

    def __init__(self, learning_rate=1.0, decay=0.):
        self.lr = learning_rate
        self.decay = decay
        self.t = 0

    def update(self, layers):
        lr = self.lr / (1 + self.decay * self.t)
        for layer in layers:
            layer.weights += -lr * layer.dweights
            layer.biases += -lr * layer.dbiases
        self.t += 1


if __name__ == '__main__':
    X = np.linspace(-1, 1, 40).reshape(-1, 1)
    y = np.sin(3 * X)
    d1, a1, d2 = FullyConnected(1, 16), ActivationReLU(), FullyConnected(16, 1)
    loss_fn, opt = MeanSquaredError(), SGD(0.5)
    for epoch in range(1001):
        pred = d2.forward(a1.forward(d1.forward(X)))
        loss = loss_fn.forward(pred, y)
        if not epoch % 100:
            print(f'epoch: {epoch}, loss: {loss:.4f}')
        d1.backward(a1.backward(d2.backward(loss_fn.backward(pred, y))))
        opt.update([d1, d2])
