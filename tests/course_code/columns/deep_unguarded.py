import numpy as np
import matplotlib.pyplot as plt

plt.style.use('ggplot')
np.random.seed(7)

# two noisy spirals
m = 400
t = np.linspace(0, 3*np.pi, m//2)
X = np.hstack([np.vstack([t*np.cos(t), t*np.sin(t)]), np.vstack([-t*np.cos(t), -t*np.sin(t)])])/10
X += 0.05*np.random.randn(*X.shape)
Y = np.hstack([np.zeros((1, m//2)), np.ones((1, m//2))])
plt.scatter(X[0, :], X[1, :], c=Y.ravel(), cmap=plt.cm.Spectral)
plt.show()

def sigmoid(Z):
    A = 1/(1+np.exp(-Z))
    return A, Z

def tanh(Z):
    return np.tanh(Z), Z

def sigmoid_backward(dA, Z):
    s = 1/(1+np.exp(-Z))
    return dA*s*(1-s)

def tanh_backward(dA, Z):
    return dA*(1-np.tanh(Z)**2)

def linear_forward(A, W, b):
    return np.dot(W, A)+b, (A, W, b)

def linear_activation_forward(A_prev, W, b, activation):
    Z, lc = linear_forward(A_prev, W, b)
    if activation == "tanh":
        A, ac = tanh(Z)
    elif activation == "sigmoid":
        A, ac = sigmoid(Z)
    return A, (lc, ac)

def L_model_forward(X, parameters):
    A = X
    caches = []
    for l in range(1, L):
        A, c = linear_activation_forward(A, parameters['W'+str(l)], parameters['b'+str(l)], "tanh")
        caches.append(c)
    AL, c = linear_activation_forward(A, parameters['W'+str(L)], parameters['b'+str(L)], "sigmoid")
    caches.append(c)
    return AL, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    return -1/m*np.sum(Y*np.log(AL)+(1-Y)*np.log(1-AL))

def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T)/m
    db = dZ.sum(axis=1, keepdims=True)/m
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db

def linear_activation_backward(dA, cache, activation):
    lc, ac = cache
    if activation == "tanh":
        return linear_backward(tanh_backward(dA, ac), lc)
    return linear_backward(sigmoid_backward(dA, ac), lc)

def L_model_backward(AL, Y, caches):
    grads = {}
    dA = (1-Y)/(1-AL) - Y/AL
    dA, grads['dW'+str(L)], grads['db'+str(L)] = linear_activation_backward(dA, caches[L-1], "sigmoid")
    for l in range(L-1, 0, -1):
        dA, grads['dW'+str(l)], grads['db'+str(l)] = linear_activation_backward(dA, caches[l-1], "tanh")
    return grads

layers = [2, 16, 16, 1]
L = len(layers)-1
parameters = {}
for l in range(1, L+1):
    parameters['W'+str(l)] = np.random.randn(layers[l], layers[l-1])/np.sqrt(layers[l-1])
    parameters['b'+str(l)] = np.zeros((layers[l], 1))

costs = []
for i in range(4001):
    AL, caches = L_model_forward(X, parameters)
    grads = L_model_backward(AL, Y, caches)
    for l in range(1, L+1):
        parameters['W'+str(l)] -= 0.5*grads['dW'+str(l)]
        parameters['b'+str(l)] -= 0.5*grads['db'+str(l)]
    if i % 500 == 0:
        costs.append(compute_cost(AL, Y))
        print("iteration", i, "cost", costs[-1])

plt.plot(costs)
plt.xlabel('iterations')
plt.savefig('cost.png')
print("train acc", np.mean((AL > 0.5) == Y))
