import numpy as np

def softmax(x):
    if len(x.shape) > 1:
        x = x - np.max(x, axis=1).reshape(-1, 1)
        x = np.exp(x)/np.sum(np.exp(x), axis=1).reshape(-1, 1)
    else:
        x = np.exp(x-np.max(x))
        x /= np.sum(x)
    return x

def test_softmax_basic():
    print "Running basic tests..."
    print softmax(np.array([1,2]))

if __name__ == "__main__":
    test_softmax_basic()
