import numpy as np

# all the activation functions I tried for the project
# every *_prime takes the pre-activation z !!


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def tanh(z):
    return np.tanh(z)


def tanh_prime(z):
    return 1 - np.power(np.tanh(z), 2)


def relu(z):
    return np.maximum(0, z)


def relu_prime(z):
    # return 1 if z > 0 else 0     <- only for scalars!!
    return (z > 0).astype(float)


def leakyRelu(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z)


def leakyReluPrime(z, alpha=0.01):
    dz = np.ones_like(z)
    dz[z < 0] = alpha
    return dz


def elu(z, a=1.0):
    return np.where(z >= 0, z, a * (np.exp(z) - 1))


def elu_derivative(z, a=1.0):
    return np.where(z >= 0, 1.0, a * np.exp(z))


def softplus(z):
    return np.log(1 + np.exp(z))


def softplus_grad(z):
    return sigmoid(z)


# from the paper, not used in the end
def swish(z):
    return z * sigmoid(z)


def d_swish(z):
    s = sigmoid(z)
    return s + z * s * (1 - s)


def gelu(z):
    return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z ** 3)))


def gelu_grad(z):
    c = np.sqrt(2 / np.pi)
    u = c * (z + 0.044715 * z ** 3)
    t = np.tanh(u)
    return 0.5 * (1 + t) + 0.5 * z * (1 - t ** 2) * c * (1 + 3 * 0.044715 * z ** 2)


def softsign(z):
    return z / (1 + np.abs(z))


def softsign_prime(z):
    return 1 / (1 + np.abs(z)) ** 2


def identity(z):
    return z


def identity_prime(z):
    return np.ones(z.shape)


ACT = {
    'sigmoid': (sigmoid, sigmoid_prime),
    'tanh': (tanh, tanh_prime),
    'relu': (relu, relu_prime),
    'lrelu': (leakyRelu, leakyReluPrime),
    'elu': (elu, elu_derivative),
    'softplus': (softplus, softplus_grad),
}
