import numpy as np
from net_v2 import TwoLayerNetv2


class TwoLayerNetv3(TwoLayerNetv2):

    def back_propagation(self, X, y=None, reg=0.0):
        loss = self.compute_loss(X, y, reg)
        N, D = X.shape
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']

        # forward() does not keep the hidden layer so do it again
        hidden = np.maximum(0, X.dot(W1) + b1)
        probs = self.forward(X)

        grads = {}
        probs[range(N), y] -= 1
        grads['W2'] = hidden.T.dot(probs) / N
        grads['b2'] = probs.sum(axis=0) / N
        grads['W2'] += 2 * reg * W2

        dhidden = probs.dot(W2.T)
        dhidden[hidden == 0] = 0
        grads['W1'] = X.T.dot(dhidden) + 2 * reg * W1
        grads['b1'] = dhidden.sum(axis=0) / N

        return loss, grads


class TwoLayerNetv4(TwoLayerNetv3):

    def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95,
              reg=5e-6, num_iters=100, batch_size=200, verbose=False):
        loss_history = []
        for it in range(num_iters):
            sel = np.random.randint(0, X.shape[0], batch_size)
            loss, grads = self.back_propagation(X[sel], y[sel], reg)
            for k, g in grads.items():
                self.params[k] -= learning_rate * g
            loss_history.append(loss)
        return {'loss_history': loss_history}

    def predict(self, X):
        return np.argmax(self.forward(X), axis=1)
