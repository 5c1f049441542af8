"""Hand-in 1: linear regression with gradient descent"""
import numpy as np
import matplotlib.pyplot as plt
from load_auto import load_auto

PLOT_COLORS = ['b', 'g', 'r', 'c']

def initialize_parameters(n_features):
    w = np.zeros((n_features, 1))
    b = 0
    return w, b

def model_forward(x, w, b):
    z = np.dot(x, w) + b
    return z

def compute_cost(y, y_hat):
    n = y.shape[0]
    loss = (y - y_hat)**2
    return np.sum(loss)/n

def model_backward(x, y, y_hat):
    n = x.shape[0]
    diff = y_hat - y
    dw = 2/n*np.dot(x.T, diff)
    db = 2/n*np.sum(diff)
    return dw, db

def update_parameters(w, b, dw, db, learning_rate):
    w = w - learning_rate*dw
    b = b - learning_rate*db
    return w, b

def predict(x, w, b):
    return model_forward(x, w, b)

def train_linear_model(x, y, iterations, learning_rate):
    w, b = initialize_parameters(x.shape[1])
    costs = []
    for i in range(iterations):
        y_hat = model_forward(x, w, b)
        costs.append(compute_cost(y, y_hat))
        dw, db = model_backward(x, y, y_hat)
        w, b = update_parameters(w, b, dw, db, learning_rate)
    return w, b, costs

def normalize(x):
    return (x - np.mean(x, axis=0))/np.std(x, axis=0)

def main():
    x, y = load_auto()
    x = normalize(x)
    for k, lr in enumerate([1, 1e-1, 1e-2, 1e-3]):
        w, b, costs = train_linear_model(x, y, 1000, lr)
        plt.plot(costs, PLOT_COLORS[k], label=str(lr))
    plt.legend()
    plt.show()
    # only horsepower
    w, b, costs = train_linear_model(x[:, 2:3], y, 1000, 0.1)
    plt.scatter(x[:, 2], y)
    plt.plot(x[:, 2], predict(x[:, 2:3], w, b), 'r')
    plt.show()

if __name__ == "__main__":
    main()
