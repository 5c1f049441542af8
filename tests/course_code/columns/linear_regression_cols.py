import numpy as np

# X: p x n, Y: 1 x n (samples in columns)

def init_params(p):
    W = np.zeros((1, p))
    b = np.zeros((1, 1))
    return W, b

def model_forward(X, W, b):
    return W @ X + b

def compute_cost(Z, Y):
    n = Y.shape[1]
    J = 0
    for i in range(n):
        J += (Y[0, i] - Z[0, i])**2
    return J / n

def model_backward(X, Y, z):
    n = X.shape[1]
    dz = (z - Y) / n
    db = np.sum(dz, axis=1, keepdims=True)
    dW = dz @ X.T
    return db, dW

def predict(X, W, b):
    return model_forward(X, W, b)

def train_linear_model(X, Y, eta=0.1, n_iter=1000):
    W, b = init_params(X.shape[0])
    J = []
    for k in range(n_iter):
        z = model_forward(X, W, b)
        J.append(compute_cost(z, Y))
        db, dW = model_backward(X, Y, z)
        W = W - eta*dW
        b = b - eta*db
    return W, b, J

if __name__ == '__main__':
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3, 100))
    Y = np.array([[1., -2., .5]]) @ X + 4 + 0.1*rng.normal(size=(1, 100))
    W, b, J = train_linear_model(X, Y)
    print(W, b, J[-1])
