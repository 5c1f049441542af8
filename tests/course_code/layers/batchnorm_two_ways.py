import numpy as np

def batchnorm_forward(x, gamma, beta, bn_param):
  mode = bn_param['mode']
  eps = bn_param.get('eps', 1e-5)
  momentum = bn_param.get('momentum', 0.9)
  if mode == 'test':
    rm, rv = bn_param['running_mean'], bn_param['running_var']
    return gamma * (x - rm) / np.sqrt(rv + eps) + beta, None
  m, v = x.mean(0), x.var(0)
  bn_param['running_mean'] = momentum * bn_param.get('running_mean', 0 * m) + (1 - momentum) * m
  bn_param['running_var'] = momentum * bn_param.get('running_var', 0 * v) + (1 - momentum) * v
  std = np.sqrt(v + eps)
  z = (x - m) / std
  out = gamma * z + beta
  cache = {'x': x, 'mean': m, 'var': v, 'eps': eps, 'std': std, 'z': z, 'gamma': gamma, 'beta': beta}
  return out, cache

def batchnorm_backward(dout, cache):
  # from the paper, section 3
  x, m, v, eps = cache['x'], cache['mean'], cache['var'], cache['eps']
  N = x.shape[0]
  dxhat = dout * cache['gamma']
  dv = np.sum(dxhat * (x - m) * (-0.5) * (v + eps) ** (-1.5), axis=0)
  dm = np.sum(dxhat * -1 / np.sqrt(v + eps), axis=0) + dv * np.sum(-2 * (x - m), axis=0) / N
  dx = dxhat / np.sqrt(v + eps) + dv * 2 * (x - m) / N + dm / N
  dgamma = np.sum(dout * cache['z'], axis=0)
  dbeta = np.sum(dout, axis=0)
  return dx, dgamma, dbeta

def batchnorm_backward_alt(dout, cache):
  # first try, dont delete yet
  # dx = cache['gamma'] * dout / std
  # dx -= dx.mean(0)
  z, std = cache['z'], cache['std']
  N = dout.shape[0]
  dbeta = dout.sum(axis=0)
  dgamma = (dout * z).sum(axis=0)
  dx = cache['gamma'] / std * (dout - dbeta / N - z * dgamma / N)
  return dx, dgamma, dbeta
