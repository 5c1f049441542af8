import numpy as np

def sigmoid(z):
    return 1.0/(1.0+np.exp(-z))

def sigmoidGradient(z):
    g = sigmoid(z)*(1-sigmoid(z))
    return g

def randInitializeWeights(L_in, L_out):
    eps = 0.12
    return np.random.rand(L_out, L_in+1)*2*eps - eps

def nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, Lambda):
    '''
    two layer network, nn_params is Theta1 and Theta2 unrolled in one long vector
    y holds the labels 1..num_labels (octave habit...)
    '''
    # reshape back
    split = hidden_layer_size*(input_layer_size+1)
    Theta1 = nn_params[:split].reshape(hidden_layer_size, input_layer_size+1)
    Theta2 = nn_params[split:].reshape(num_labels, hidden_layer_size+1)

    m = X.shape[0]
    J = 0
    Theta1_grad = np.zeros(Theta1.shape)
    Theta2_grad = np.zeros(Theta2.shape)

    for i in range(m):
        # forward
        a1 = np.append(1, X[i])
        z2 = Theta1.dot(a1)
        a2 = np.append(1, sigmoid(z2))
        z3 = Theta2.dot(a2)
        h = sigmoid(z3)

        yv = np.zeros(num_labels)
        yv[int(y[i])-1] = 1

        J += np.sum(-yv*np.log(h) - (1-yv)*np.log(1-h))

        # backward
        d3 = h - yv
        d2 = Theta2.T.dot(d3)[1:]*sigmoidGradient(z2)
        Theta2_grad += np.outer(d3, a2)
        Theta1_grad += np.outer(d2, a1)

    J = J/m
    J += Lambda/(2*m)*(np.sum(Theta1[:,1:]**2) + np.sum(Theta2[:,1:]**2))

    Theta1_grad /= m
    Theta2_grad /= m
    Theta1_grad[:,1:] += Lambda/m*Theta1[:,1:]
    Theta2_grad[:,1:] += Lambda/m*Theta2[:,1:]

    # Unroll gradients
    grad = np.concatenate((Theta1_grad.ravel(), Theta2_grad.ravel()))
    return J, grad

def predict(Theta1, Theta2, X):
    m = X.shape[0]
    h1 = sigmoid(np.c_[np.ones(m), X].dot(Theta1.T))
    h2 = sigmoid(np.c_[np.ones(m), h1].dot(Theta2.T))
    return np.argmax(h2, axis=1)+1
