import numpy as np

def sigmoid(z):
  return 1./(1.+np.exp(-z)), z

def relu(z):
  return z*(z>0), z

def sigmoid_backward(dA, z):
  a,_ = sigmoid(z)
  return dA*a*(1-a)

def relu_backward(dA, z):
  return dA*(z>0)

ACT = {'relu': (relu, relu_backward), 'sigmoid': (sigmoid, sigmoid_backward)}

def init(dims, seed=0):
  rs = np.random.RandomState(seed)
  p = {}
  for i in range(1,len(dims)):
    p['W%d'%i] = rs.randn(dims[i],dims[i-1])/np.sqrt(dims[i-1])
    p['b%d'%i] = np.zeros((dims[i],1))
  return p

def linear_forward(A, W, b):
  return W@A+b, (A,W,b)

def linear_backward(dZ, cache):
  (A,W,b) = cache
  m = A.shape[1]
  return W.T@dZ, dZ@A.T/m, dZ.sum(axis=1,keepdims=True)/m

def linear_activation_forward(A, W, b, activation):
  Z, lc = linear_forward(A,W,b)
  A, ac = ACT[activation][0](Z)
  return A, (lc,ac)

def linear_activation_backward(dA, cache, activation):
  lc, ac = cache
  return linear_backward(ACT[activation][1](dA,ac), lc)

def L_model_forward(X, parameters):
  L = len(parameters)//2
  caches = []
  A = X
  for l in range(1,L+1):
    A, c = linear_activation_forward(A, parameters['W%d'%l], parameters['b%d'%l], 'sigmoid' if l==L else 'relu')
    caches += [c]
  return A, caches

def compute_cost(AL, Y):
  m = Y.shape[1]
  return float(np.squeeze(-(np.dot(Y,np.log(AL).T)+np.dot(1-Y,np.log(1-AL).T))/m))

def L_model_backward(AL, Y, caches):
  grads = {}
  L = len(caches)
  dA = -(Y/AL) + (1-Y)/(1-AL)
  for l in range(L,0,-1):
    act = 'relu'
    if l == L: act = 'sigmoid'
    dA, grads['dW%d'%l], grads['db%d'%l] = linear_activation_backward(dA, caches[l-1], act)
    grads['dA%d'%(l-1)] = dA
  return grads

def train(X, Y, dims, lr=.0075, iters=2500):
  p = init(dims)
  for i in range(iters):
    AL, caches = L_model_forward(X,p)
    g = L_model_backward(AL,Y,caches)
    for k in p: p[k] = p[k]-lr*g['d'+k]
    if i%100==0: print(i, compute_cost(AL,Y))
  return p
