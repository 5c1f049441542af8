import numpy as np

from q1_softmax import softmax
from q2_sigmoid import sigmoid, sigmoid_grad

def take(vec, start, shape):
    # cut the next matrix out of the long vector
    stop = start + int(np.prod(shape))
    return vec[start:stop].reshape(shape), stop

def forward_backward_prop(data, labels, params, dimensions):
    """sigmoid layer + softmax layer. one example per row, labels one-hot.
    returns the cost (summed) and the gradient as one vector, order W1 b1 W2 b2"""
    nin, nhid, nout = dimensions
    W1, pos = take(params, 0, (nin, nhid))
    b1, pos = take(params, pos, (1, nhid))
    W2, pos = take(params, pos, (nhid, nout))
    b2, pos = take(params, pos, (1, nout))
    assert pos == len(params)

    act = sigmoid(data.dot(W1) + b1)
    prob = softmax(act.dot(W2) + b2)
    cost = -np.log(prob[labels == 1]).sum()

    top = prob - labels
    low = top.dot(W2.T)*sigmoid_grad(act)
    pieces = [data.T.dot(low), low.sum(0), act.T.dot(top), top.sum(0)]
    grad = np.hstack([g.ravel() for g in pieces])
    return cost, grad

def try_it():
    dims = [6, 4, 3]
    count = dims[0]*dims[1] + dims[1] + dims[1]*dims[2] + dims[2]
    x = np.random.randn(12, 6)
    t = np.eye(3)[np.random.randint(3, size=12)]
    c, g = forward_backward_prop(x, t, np.random.randn(count), dims)
    print "cost", c
    for i in xrange(count):
        print i, g[i]

if __name__ == "__main__":
    try_it()
