import numpy as np

EPS = 1e-5


def statistics(row):
    m = sum(row) / len(row)
    return m, np.sqrt(sum((v - m) ** 2 for v in row) / len(row) + EPS)


def layernorm_forward(x, gamma, beta):
    rows = []
    for row in x:
        m, s = statistics(row)
        rows.append(gamma * (row - m) / s + beta)
    return np.array(rows)


def layernorm_backward(dout, x, gamma, beta):
    dx = np.zeros_like(x)
    dgamma = np.zeros_like(gamma)
    dbeta = np.zeros_like(beta)
    p = x.shape[1]
    for i in range(len(x)):
        m, s = statistics(x[i])
        h = (x[i] - m) / s
        dgamma += dout[i] * h
        dbeta += dout[i]
        jacobian = (np.eye(p) - 1 / p - np.outer(h, h) / p) / s
        dx[i] = jacobian @ (dout[i] * gamma)
    return dx, dgamma, dbeta
