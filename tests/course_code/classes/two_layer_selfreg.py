import numpy as np

np.random.seed(42)

def affine_forward(x, w, b):
    out = np.reshape(x, (x.shape[0], -1)) @ w + b
    return out, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    X2 = np.reshape(x, (x.shape[0], -1))
    dx = np.reshape(dout @ w.T, x.shape)
    dw = X2.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db

def relu_forward(x):
    return np.maximum(x, 0), x

def relu_backward(dout, cache):
    dx = np.array(dout, copy=True)
    dx[cache <= 0] = 0
    return dx

def softmax_loss(scores, labels):
    p = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    p /= np.sum(p, axis=1, keepdims=True)
    n = scores.shape[0]
    loss = -np.sum(np.log(p[range(n), labels])) / n
    p[range(n), labels] -= 1
    return loss, p / n


class TwoLayerNet:

    def __init__(self, input_dim=28*28, hidden_dim=64, num_classes=10, weight_scale=1e-2, reg=0.1):
        self.reg = reg
        self.params = {
            'W1': weight_scale * np.random.randn(input_dim, hidden_dim),
            'b1': np.zeros((hidden_dim,)),
            'W2': weight_scale * np.random.randn(hidden_dim, num_classes),
            'b2': np.zeros((num_classes,)),
        }

    def loss(self, X, y=None):
        """Loss and gradient on a minibatch.

        X: (N, d1...dk), y: (N,) ints or None
        """
        a1, cache1 = affine_forward(X, self.params['W1'], self.params['b1'])
        r1, cache_r = relu_forward(a1)
        scores, cache2 = affine_forward(r1, self.params['W2'], self.params['b2'])

        if y is None:
            return scores

        grads = {}
        data_loss, dout = softmax_loss(scores, y)
        reg_loss = 0.5 * self.reg * sum(np.sum(self.params[w] ** 2) for w in ['W1', 'W2'])
        loss = data_loss + reg_loss

        dout, dw2, db2 = affine_backward(dout, cache2)
        dout = relu_backward(dout, cache_r)
        _, dw1, db1 = affine_backward(dout, cache1)

        # add the derivative of the regularisation term:  d/dW  reg * W^2
        dw2 += 2 * self.reg * self.params['W2']
        dw1 += 2 * self.reg * self.params['W1']

        grads['W1'], grads['b1'], grads['W2'], grads['b2'] = dw1, db1, dw2, db2
        return loss, grads

    def predict(self, X):
        return self.loss(X).argmax(1)
