from builtins import range
import numpy as np

print("loading layers ...")


def affine_forward(x, w, b):
    """
    Computes the forward pass for an affine layer, x has shape (N, d_1, ..., d_k)

    Returns a tuple of:
    - out: output, of shape (N, M)
    - cache: (x, w, b)
    """
    num_train = x.shape[0]
    x_reshape = np.reshape(x, (num_train, -1))
    out = np.dot(x_reshape, w) + b[np.newaxis, :]
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    num_train = x.shape[0]
    x_reshape = np.reshape(x, (num_train, -1))
    dw = x_reshape.T @ dout
    db = np.sum(dout, axis=0)
    dx = np.reshape(dout @ w.T, x.shape)
    assert dw.shape == w.shape
    assert db.shape == b.shape
    return dx, dw, db


def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    dx, x = None, cache
    mask = np.ones(x.shape)
    mask[x < 0] = 0
    dx = mask * dout
    return dx


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    layernorm = bn_param.get("layernorm", 0)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    out, cache = None, None
    if mode == "train":
        mu = x.mean(axis=0)
        var = x.var(axis=0) + eps
        std = var ** 0.5
        z = (x - mu) / std
        out = gamma * z + beta
        if layernorm == 0:
            running_mean = momentum * running_mean + (1 - momentum) * mu
            running_var = momentum * running_var + (1 - momentum) * (std ** 2)
        cache = {"x": x, "mean": mu, "std": std, "gamma": gamma, "z": z, "var": var, "axis": layernorm}
    elif mode == "test":
        out = gamma * (x - running_mean) / (running_var + eps) ** 0.5 + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    dbeta = dout.sum(axis=cache["axis"])
    dgamma = np.sum(dout * cache["z"], axis=cache["axis"])
    N = dout.shape[0]
    z = cache["z"]
    dfdz = dout * cache["gamma"]
    dudx = 1 / N
    dvdx = 2 / N * (cache["x"] - cache["mean"])
    dzdx = 1 / cache["std"]
    dzdu = -1 / cache["std"]
    dzdv = -0.5 * (cache["var"] ** -1.5) * (cache["x"] - cache["mean"])
    dx = dfdz * dzdx + np.sum(dfdz * dzdu, axis=0) * dudx + np.sum(dfdz * dzdv, axis=0) * dvdx
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    # reuse batchnorm with everything transposed
    ln_param["mode"] = "train"
    ln_param["layernorm"] = 1
    out, cache = batchnorm_forward(x.T, gamma[:, np.newaxis], beta[:, np.newaxis], ln_param)
    return out.T, cache


def layernorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout.T, cache)
    return dx.T, dgamma, dbeta


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    out = None
    if mode == "train":
        mask = np.random.binomial(1, p, size=x.shape) / p
        out = x * mask
    elif mode == "test":
        out = x
    cache = (dropout_param, mask)
    return out, cache


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    mode = dropout_param["mode"]
    dx = None
    if mode == "train":
        dx = mask * dout
    elif mode == "test":
        dx = dout
    return dx


def conv_forward_naive(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param.get("stride", 1), conv_param.get("pad", 0)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Ho = 1 + (H + 2 * pad - HH) // stride
    Wo = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            patch = xp[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(patch * w[f], axis=(1, 2, 3)) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param.get("stride", 1), conv_param.get("pad", 0)
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = dout.sum(axis=(0, 2, 3))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, s = i * stride, j * stride
            patch = xp[:, :, r:r + HH, s:s + WW]
            dw += np.tensordot(dout[:, :, i, j], patch, axes=([0], [0]))
            dxp[:, :, r:r + HH, s:s + WW] += np.tensordot(dout[:, :, i, j], w, axes=([1], [0]))
    dx = dxp[:, :, pad:dxp.shape[2] - pad, pad:dxp.shape[3] - pad]
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    h, w, s = pool_param.get("pool_height", 2), pool_param.get("pool_width", 2), pool_param.get("stride", 2)
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - h) // s, 1 + (W - w) // s))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = np.amax(x[:, :, i * s:i * s + h, j * s:j * s + w], axis=(-1, -2))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    h, w, s = pool_param.get("pool_height", 2), pool_param.get("pool_width", 2), pool_param.get("stride", 2)
    dx = np.zeros_like(x)
    N, C, Ho, Wo = dout.shape
    for i in range(Ho):
        for j in range(Wo):
            [ns, cs], hs, ws = np.indices((N, C)), i * s, j * s
            f = x[:, :, hs:hs + h, ws:ws + w].reshape(N, C, -1)
            k, l = np.unravel_index(np.argmax(f, 2), (h, w))
            dx[ns, cs, hs + k, ws + l] += dout[ns, cs, i, j]
    return dx


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    x = np.moveaxis(x, 1, -1).reshape(-1, C)
    out, cache = batchnorm_forward(x, gamma, beta, bn_param)
    out = np.moveaxis(out.reshape(N, H, W, C), -1, 1)
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dout = np.moveaxis(dout, 1, -1).reshape(-1, C)
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    dx = np.moveaxis(dx.reshape(N, H, W, C), -1, 1)
    return dx, dgamma, dbeta


def svm_loss(x, y):
    loss, dx = None, None
    num_train = len(y)
    scores = x
    correct_class_scores = scores[range(num_train), y].reshape((-1, 1))
    margins = np.maximum(0, scores - correct_class_scores + 1)
    margins[range(num_train), y] = 0
    loss = np.sum(margins) / num_train
    margins[margins > 0] = 1
    margins[range(num_train), y] = -margins.sum(axis=1)
    dx = margins / num_train
    return loss, dx


def softmax_loss(x, y):
    loss, dx = None, None
    num_train = y.shape[0]
    scores = x - x.max(axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / exp_scores.sum(axis=1, keepdims=True)
    loss = np.sum(-np.log(probs[np.arange(num_train), y])) / num_train
    probs[np.arange(num_train), y] -= 1
    dx = probs / num_train
    return loss, dx
