import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """
    Forward pass for batch normalization.

    - x: Data of shape (N, D)
    - gamma: Scale parameter of shape (D,)
    - beta: Shift parameter of shape (D,)
    - bn_param: dict with keys
      - mode: 'train' or 'test'; required
      - eps
      - momentum
      - running_mean, running_var
    """
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)

    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))

    out, cache = None, None
    if mode == 'train':
        # step 1: mean
        mu = 1. / N * np.sum(x, axis=0)
        # step 2: subtract
        xmu = x - mu
        # step 3
        sq = xmu ** 2
        # step 4
        var = 1. / N * np.sum(sq, axis=0)
        # step 5
        sqrtvar = np.sqrt(var + eps)
        # step 6
        ivar = 1. / sqrtvar
        # step 7
        xhat = xmu * ivar
        # step 8, 9
        gammax = gamma * xhat
        out = gammax + beta

        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (xhat, gamma, xmu, ivar, sqrtvar, var, eps)
    elif mode == 'test':
        xhat = (x - running_mean) / np.sqrt(running_var + eps)
        out = gamma * xhat + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)

    bn_param['running_mean'] = running_mean
    bn_param['running_var'] = running_var

    return out, cache


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var, eps = cache
    N, D = dout.shape

    # step9
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    # step8
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    # step7
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    # step6
    dsqrtvar = -1. / (sqrtvar ** 2) * divar
    # step5
    dvar = 0.5 * 1. / np.sqrt(var + eps) * dsqrtvar
    # step4
    dsq = 1. / N * np.ones((N, D)) * dvar
    # step3
    dxmu2 = 2 * xmu * dsq
    # step2
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    # step1
    dx2 = 1. / N * np.ones((N, D)) * dmu
    # step0
    dx = dx1 + dx2

    return dx, dgamma, dbeta
