import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param.get('mode', 'train')
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D))
    running_var = bn_param.get('running_var', np.zeros(D))

    if mode == 'train':
        sample_mean = np.mean(x, axis=0)
        sample_var = np.var(x, axis=0)
        x_norm = (x - sample_mean) / np.sqrt(sample_var + eps)
        out = x_norm * gamma + beta
        running_mean = momentum * running_mean + (1 - momentum) * sample_mean
        running_var = momentum * running_var + (1 - momentum) * sample_var
    else:
        sample_mean, sample_var = running_mean, running_var
        x_norm = (x - running_mean) / np.sqrt(running_var + eps)
        out = x_norm * gamma + beta

    bn_param['running_mean'] = running_mean
    bn_param['running_var'] = running_var
    cache = (gamma, beta, x, x_norm, sample_mean, sample_var, eps)
    return out, cache


def batchnorm_backward(dout, cache):
    gamma, beta, x, x_norm, mu, var, eps = cache
    N = x.shape[0]
    istd = 1.0 / np.sqrt(var + eps)

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_norm, axis=0)

    dx_norm = dout * gamma
    dvar = np.sum(dx_norm * (x - mu), axis=0) * -0.5 * istd ** 3
    # the mean: sum(x - mu) is zero, so nothing comes from the variance
    dx = dx_norm * istd + dvar * 2.0 * (x - mu) / N
    return dx, dgamma, dbeta
