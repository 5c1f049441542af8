import numpy as np

# binary classifier with 1 hidden layer and weight decay

def initialize(nx, nh):
    return {"W1": np.random.randn(nx, nh)*0.1, "b1": np.zeros(nh), "w2": np.random.randn(nh)*0.1, "b2": 0.0}

def forward(X, params):
    W1, b1, w2, b2 = params["W1"], params["b1"], params["w2"], params["b2"]
    z1 = np.dot(X, W1)+b1
    a1 = np.where(z1 > 0, z1, 0.1*z1)          # leaky relu
    z2 = np.dot(a1, w2)+b2
    p = 1/(1+np.exp(-z2))
    return p, (z1, a1, z2)

def compute_loss(params, X, y, lam):
    p, _ = forward(X, params)
    data = -np.mean(y*np.log(p)+(1-y)*np.log(1-p))
    penalty = 0.5*lam*(np.sum(params["W1"]**2)+np.sum(params["w2"]**2))
    return data+penalty

def backward(params, X, y, lam):
    p, (z1, a1, z2) = forward(X, params)
    m = len(y); assert X.shape[0] == m
    dz2 = p-y
    dw2 = (np.dot(a1.T, dz2) + lam*params["w2"])/m
    db2 = np.sum(dz2)/m
    dz1 = np.outer(dz2, params["w2"])
    dz1[z1 < 0] *= 0.1
    dW1 = np.dot(X.T, dz1)/m + lam*params["W1"]
    db1 = np.mean(dz1, axis=0)
    grads = {"W1": dW1, "b1": db1, "w2": dw2, "b2": db2}
    return grads

def fit(X, y, nh=8, lam=1e-2, lr=0.5, iters=300):
    params = initialize(X.shape[1], nh)
    for i in range(iters):
        grads = backward(params, X, y, lam)
        for name in params:
            params[name] = params[name]-lr*grads[name]
        if i % 50 == 0: print("loss after %d: %.5f" % (i, compute_loss(params, X, y, lam)))
    return params
