import numpy as np

# My first neural network!!! (part 2 of the series)

def sigmoid(t):
    return np.exp(t) / (np.exp(t) + 1)

def sigmoid_derivative(s):
    # s = sigmoid(t)
    return s - s ** 2

def compute_loss(prediction, target):
    return np.sum((target - prediction) ** 2)

class NeuralNetwork:
    """2 layers, no bias, squared error"""

    def __init__(self, x, y, units=5):
        d = x.shape[1]
        self.x, self.y = x, y
        self.weights1 = np.random.uniform(-1, 1, (d, units))
        self.weights2 = np.random.uniform(-1, 1, (units, y.shape[1]))

    def feedforward(self):
        self.hidden = sigmoid(self.x @ self.weights1)
        self.output = sigmoid(self.hidden @ self.weights2)
        return self.output

    def backprop(self):
        # we go DOWN the error surface => everything with a minus, then it is added
        out_term = 2 * (self.y - self.output) * sigmoid_derivative(self.output)
        hid_term = (out_term @ self.weights2.T) * sigmoid_derivative(self.hidden)
        self.weights2 += self.hidden.T @ out_term
        self.weights1 += self.x.T @ hid_term


if True:   # set to False to skip the demo
    inputs = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])
    targets = np.array([[0.1, 0.9], [0.9, 0.1], [0.9, 0.1], [0.1, 0.9]])
    net = NeuralNetwork(inputs, targets)
    curve = []
    for epoch in range(1200):
        net.feedforward()
        net.backprop()
        curve.append(compute_loss(net.output, targets))
    print('first / last loss', curve[0], curve[-1])
