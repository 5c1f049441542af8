import numpy as np

class TwoLayerNet(object):
    """Two layer network. tanh in the middle, softmax cross entropy on top"""

    def __init__(self, input_size, hidden_size, output_size, std=0.1):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)
        self.num_classes = output_size

    def loss(self, X, y=None, reg=0.0):

        W1 = self.params['W1']
        b1 = self.params['b1']
        W2 = self.params['W2']
        b2 = self.params['b2']

        Z1 = np.matmul(X, W1) + b1
        A1 = np.tanh(Z1)
        Z2 = np.matmul(A1, W2) + b2

        if y is None: return Z2

        Y = np.eye(self.num_classes)[y]
        m = Y.shape[0]

        expZ = np.exp(Z2 - np.max(Z2))      # global max is enough
        A2 = expZ / np.sum(expZ, axis=1).reshape(-1, 1)
        loss = -1 / m * np.sum(Y * np.log(A2))
        loss = loss + reg / 2 * (np.sum(np.square(W1)) + np.sum(np.square(W2)))

        dZ2 = A2 - Y
        dW2 = 1 / m * A1.T.dot(dZ2) + reg * W2
        db2 = 1 / m * np.sum(dZ2, axis=0, keepdims=True)
        dZ1 = dZ2.dot(W2.T) * (1 - np.power(A1, 2))
        dW1 = 1 / m * X.T.dot(dZ1) + reg * W1
        db1 = 1 / m * np.sum(dZ1, axis=0, keepdims=True)

        assert dW1.shape == W1.shape
        assert dW2.shape == W2.shape

        grads = {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
        return loss, grads
