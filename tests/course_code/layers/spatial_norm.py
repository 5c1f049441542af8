import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)

    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    if mode == "train":
        mean = np.mean(x, axis=0)
        var = np.var(x, axis=0)
        inv = 1 / np.sqrt(var + eps)
        xc = x - mean
        xn = xc * inv
        out = gamma * xn + beta
        cache = (xc, inv, xn, gamma)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
        return out, cache
    elif mode == "test":
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
        return out, None
    raise ValueError("mode?")


def batchnorm_backward(dout, cache):
    xc, inv, xn, gamma = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (xn * dout).sum(axis=0)
    dxn = gamma * dout
    dxc = dxn * inv
    dinv = (dxn * xc).sum(axis=0)
    dvar = -0.5 * inv ** 3 * dinv
    dxc += 2.0 / N * xc * dvar
    dx = dxc - dxc.mean(axis=0)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """ x (N, C, H, W), gamma and beta (C,) """
    N, C, H, W = x.shape
    x_flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    out_flat, cache = batchnorm_forward(x_flat, gamma, beta, bn_param)
    out = out_flat.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    d_flat = dout.transpose(0, 2, 3, 1).reshape(-1, C)
    dx_flat, dgamma, dbeta = batchnorm_backward(d_flat, cache)
    dx = dx_flat.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """
    - x: (N, C, H, W)
    - gamma, beta: (1, C, 1, 1)
    - G: integer number of groups, should divide C
    """
    eps = gn_param.get("eps", 1e-5)
    N, C, H, W = x.shape
    xg = x.reshape(N * G, -1).T
    mu = xg.mean(axis=0)
    sig = np.sqrt(xg.var(axis=0) + eps)
    xn = ((xg - mu) / sig).T.reshape(N, C, H, W)
    out = gamma * xn + beta
    cache = (G, xn, sig, gamma)
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    G, xn, sig, gamma = cache
    N, C, H, W = dout.shape
    dbeta = np.sum(dout, axis=(0, 2, 3), keepdims=True)
    dgamma = np.sum(dout * xn, axis=(0, 2, 3), keepdims=True)
    d = (dout * gamma).reshape(N * G, -1).T
    z = xn.reshape(N * G, -1).T
    m = d.shape[0]
    dx = (d - d.sum(0) / m - z * (d * z).sum(0) / m) / sig
    dx = dx.T.reshape(N, C, H, W)
    return dx, dgamma, dbeta
