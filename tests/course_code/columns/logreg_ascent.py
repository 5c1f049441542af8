import numpy as np

def initialize_with_zeros(dim):
    return np.zeros([dim,1]), 0.0

def propagate(w,b,X,Y):
    m=X.shape[1]
    # forward
    Z=np.dot(w.T,X)+b
    A=1.0/(1.0+np.exp(-Z))
    cost=np.sum(Y*np.log(A)+(1.0-Y)*np.log(1.0-A))/m
    # backward
    dZ=Y-A
    dw=np.dot(X,dZ.T)/m
    db=np.sum(dZ)/m
    cost=np.squeeze(cost)
    return {'dw':dw,'db':db},cost

def optimize(w,b,X,Y,num_iterations,learning_rate):
    costs=[]
    for i in range(num_iterations):
        grads,cost=propagate(w,b,X,Y)
        # plus !! otherwise the cost goes the wrong way
        w=w+learning_rate*grads['dw']
        b=b+learning_rate*grads['db']
        costs.append(cost)
    return w,b,costs

def predict(w,b,X):
    return np.round(1.0/(1.0+np.exp(-(np.dot(w.T,X)+b))))

if __name__=='__main__':
    rng=np.random.RandomState(3)
    X=rng.randn(4,200)
    Y=(rng.rand(1,200)<1/(1+np.exp(-X[:1]*3))).astype(int)
    w,b=initialize_with_zeros(4)
    w,b,costs=optimize(w,b,X,Y,500,.1)
    print(costs[0],costs[-1],np.mean(predict(w,b,X)==Y))
