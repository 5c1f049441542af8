import numpy as np

# ---------------------------------------------------------------- layers
def fc_forward(x, w, b):
    cache = (x, w, b)
    return x.dot(w) + b, cache

def fc_backward(dout, cache):
    x, w, b = cache
    return dout.dot(w.T), x.T.dot(dout), dout.sum(axis=0)

def relu_forward(x):
    mask = x > 0
    return x * mask, mask

def relu_backward(dout, mask):
    return dout * mask

def softmax_loss(x, y):
    N = x.shape[0]
    probs = np.exp(x - np.max(x, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(N), y])) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


# ---------------------------------------------------------------- net
class FullyConnectedNet(object):

    def __init__(self, hidden_dims, input_dim=3*32*32, num_classes=10, reg=0.5, weight_scale=1e-2):
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        prev = input_dim
        for i, h in enumerate(hidden_dims + [num_classes]):
            self.params['W' + str(i+1)] = np.random.normal(0, weight_scale, size=(prev, h))
            self.params['b' + str(i+1)] = np.zeros(h)
            prev = h

    def loss(self, X, y=None):
        cache = []
        a = X.reshape(X.shape[0], -1)
        for i in range(self.num_layers):
            W, b = self.params['W' + str(i+1)], self.params['b' + str(i+1)]
            a, c = fc_forward(a, W, b)
            cache.append(c)
            if i != self.num_layers - 1:
                a, mask = relu_forward(a)
                cache.append(mask)
        if y is None:
            return a

        grads = {}
        loss, da = softmax_loss(a, y)
        for i in range(self.num_layers):
            loss += 0.5 * self.reg * np.sum(self.params['W' + str(i+1)] ** 2)

        # backprop, the caches come out in reverse order
        cache = cache[::-1]
        n = str(self.num_layers)
        da, grads['W' + n], grads['b' + n] = fc_backward(da, cache[0])
        k = 1
        for i in range(self.num_layers - 1, 0, -1):
            da = relu_backward(da, cache[k])
            da, grads['W' + str(i)], grads['b' + str(i)] = fc_backward(da, cache[k+1])
            k += 2

        # regularization gradient
        for i in range(1, self.num_layers):
            grads['W' + str(i)] += self.reg * self.params['W' + str(i)]

        return loss, grads
