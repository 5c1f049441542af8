import numpy as np

def sigmoid(z):
    return 1/(1+np.exp(-z))

def propagate(w, b, X, Y, lambd=0.1):
    """
    logistic regression with weight decay
    X: (n_features, m)
    """
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -1/m*np.sum(Y*np.log(A) + (1-Y)*np.log(1-A))
    cost = cost + lambd/(2*m)*np.sum(w**2)

    dZ = A - Y
    dw = 1/m*np.dot(X, dZ.T) + lambd/m*np.sum(w)
    db = 1/m*np.sum(dZ)
    grads = {"dw": dw, "db": db}
    return grads, cost

def optimize(w, b, X, Y, lambd=0.1, num_iterations=2000, learning_rate=0.009):
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y, lambd)
        w = w - learning_rate*grads["dw"]
        b = b - learning_rate*grads["db"]
        if i % 200 == 0:
            print("%d: %.5f" % (i, cost))
    return w, b

def predict(w, b, X):
    return (sigmoid(np.dot(w.T, X) + b) > 0.5).astype(int)

if __name__ == "__main__":
    np.random.seed(0)
    X = np.random.randn(5, 300)
    Y = (X[0:1, :] - 2*X[1:2, :] > 0).astype(float)
    w, b = optimize(np.zeros((5, 1)), 0., X, Y)
    print((predict(w, b, X) == Y).mean())
