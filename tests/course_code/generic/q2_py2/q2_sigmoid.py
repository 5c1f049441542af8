import numpy as np

def sigmoid(x):
    x = 1.0/(1.0+np.exp(-x))
    return x

def sigmoid_grad(f):
    # f = sigmoid(x) already!
    f = f*(1.0-f)
    return f
