import numpy as np
import copy

def sigmoid(z):
    z = np.clip(z, -500, 500)
    s = 1/(1+np.exp(-z))
    return s

def initialize_with_zeros(dim):
    w = np.zeros((dim,1))
    b = 0.0
    return w,b

def forward(w, b, X):
    return sigmoid(w.T @ X + b)

def cost_function(A, Y):
    m = Y.shape[1]
    eps = 1e-15
    return (-1/m)*np.sum(Y*np.log(A+eps) + (1-Y)*np.log(1-A+eps))

def propagate(w, b, X, Y):
    m = X.shape[1]
    A = forward(w,b,X)
    cost = cost_function(A,Y)
    dz = (A-Y)/m
    dw = X @ dz.T
    db = np.sum(dz)
    grads = dict(dw=dw, db=db)
    return grads, cost

def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    w = copy.deepcopy(w)
    b = copy.deepcopy(b)
    costs = []
    for i in range(num_iterations):
        grads,cost = propagate(w,b,X,Y)
        dw,db = grads["dw"],grads["db"]
        w = w-learning_rate*dw
        b = b-learning_rate*db
        if i%100 == 0:
            costs.append(cost)
            if print_cost:
                print(f"Cost after iteration {i}: {cost}")
    return {"w":w,"b":b},{"dw":dw,"db":db},costs

def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    w,b = initialize_with_zeros(X_train.shape[0])
    params,grads,costs = optimize(w,b,X_train,Y_train,num_iterations,learning_rate,print_cost)
    w,b = params["w"],params["b"]
    acc = lambda X,Y: 100-np.mean(np.abs((forward(w,b,X)>.5)-Y))*100
    print("train accuracy: {} %".format(acc(X_train,Y_train)))
    print("test accuracy: {} %".format(acc(X_test,Y_test)))
    return params
