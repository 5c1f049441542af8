import math

import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n, p = X.shape
    H, M = W2.shape
    J = 0.0
    dW1, db1 = np.zeros((p, H)), np.zeros(H)
    dW2, db2 = np.zeros((H, M)), np.zeros(M)
    for i in range(n):
        hidden = [max(0.0, b1[k] + sum(X[i, j] * W1[j, k] for j in range(p))) for k in range(H)]
        scores = [b2[m] + sum(hidden[k] * W2[k, m] for k in range(H)) for m in range(M)]
        top = max(scores)
        total = sum(math.exp(s - top) for s in scores)
        J += math.log(total) + top - scores[y[i]]
        for m in range(M):
            ds = math.exp(scores[m] - top) / total - (1 if m == y[i] else 0)
            db2[m] += ds / n
            for k in range(H):
                dW2[k, m] += hidden[k] * ds / n
                if hidden[k] > 0:
                    db1[k] += ds * W2[k, m] / n
                    dW1[:, k] += X[i] * ds * W2[k, m] / n
    J = J / n + reg * (sum(w * w for w in W1.flat) + sum(w * w for w in W2.flat))
    return J, {"W1": dW1 + 2 * reg * W1, "b1": db1, "W2": dW2 + 2 * reg * W2, "b2": db2}
