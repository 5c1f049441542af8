import numpy as np

def sigmoid(x):
    return 1/(1+np.exp(-x))

def tanh(x):
    return np.tanh(x)

def dtanh(z):
    return 1 - np.tanh(z)**2
