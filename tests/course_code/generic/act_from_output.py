import numpy as np

# NB the derivative functions want the OUTPUT of the activation, because that is what we
# keep around after the forward pass (saves one exp)

def sigmoid(x):
    out = 1/(1+np.exp(-x))
    return out

def sigmoid_derivative(sigmoid_output):
    return sigmoid_output*(1-sigmoid_output)

def tanh(x):
    return (np.exp(x)-np.exp(-x))/(np.exp(x)+np.exp(-x))

def tanh_derivative(t):
    return 1-t**2

def relu(x):
    return x*(x>0)

def relu_derivative(a):
    return 1.*(a>0)

def softplus(x):
    return np.log1p(np.exp(x))

def softplus_derivative(out):
    # out = log(1+e^x)  =>  e^x/(1+e^x) = 1-e^-out
    return 1-np.exp(-out)

def mse(target, out):
    return 0.5*np.sum((target-out)**2)

def predict(x, w0, w1):
    l1 = sigmoid(x.dot(w0))
    l2 = tanh(l1.dot(w1))
    return l1, l2

def backprop(x, target, w0, w1):
    l1, l2 = predict(x, w0, w1)
    l2_error = l2-target
    l2_delta = l2_error*tanh_derivative(l2)
    l1_error = l2_delta.dot(w1.T)
    l1_delta = l1_error*sigmoid_derivative(l1)
    return x.T.dot(l1_delta), l1.T.dot(l2_delta)


if __name__ == '__main__':
    np.random.seed(3)
    X = np.random.RandomState(0).randn(4, 3)
    y = np.array([[0,1,1,0]]).T
    w0 = np.random.randn(3,5)
    w1 = np.random.randn(5,1)
    for i in range(2000):
        g0, g1 = backprop(X, y, w0, w1)
        w0 -= 0.1*g0
        w1 -= 0.1*g1
        if i%500 == 0:
            print("loss", mse(y, predict(X, w0, w1)[1]))
