import numpy as np

def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    cache = (A, W, b)
    return Z, cache

if __name__ == '__main__':
    from testCases import linear_forward_test_case
    A, W, b = linear_forward_test_case()
    print("Z = " + str(linear_forward(A, W, b)[0]))
