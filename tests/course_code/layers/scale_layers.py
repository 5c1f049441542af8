import numpy as np

# my own layers
# every *_fwd returns (y, saved) and every *_bwd takes (dy, saved)

def scale_shift_fwd(x, gain, shift):
    # gain, shift: one number per feature
    y = gain * x + shift
    return y, [x, gain]

def scale_shift_bwd(dy, saved):
    x, gain = saved
    axes = tuple(range(x.ndim - 1))
    dgain = (dy * x).sum(axis=axes)
    dshift = dy.sum(axis=axes)
    return dy * gain, dgain, dshift

def channel_scale_fwd(x, s):
    ''' x is N C H W and s is C '''
    return x * s.reshape(1, -1, 1, 1), (x, s)

def channel_scale_bwd(dy, saved):
    x, s = saved
    dx = dy * s[None, :, None, None]
    ds = np.array([np.sum(dy[:, c] * x[:, c]) for c in range(len(s))])
    return dx, ds

def prelu_fwd(x, a):
    # a learnable, (D,)
    y = np.maximum(x, 0) + a * np.minimum(x, 0)
    return y, (x, a)

def prelu_bwd(dy, saved):
    x, a = saved
    dx = dy * ((x > 0) + a * (x <= 0))
    da = np.sum(dy * np.minimum(x, 0), axis=0)
    return dx, da

def gate_fwd(x, w):
    """y = x * sigmoid(x w), w (D, D)"""
    z = x.dot(w)
    g = 1 / (1 + np.exp(-z))
    return x * g, (x, w, g)

def gate_bwd(dy, saved):
    x, w, g = saved
    dz = dy * x * g * (1 - g)
    return dy * g + dz.dot(w.T), x.T.dot(dz)

def power_fwd(x, k=3):
    return x ** k, (x, k)

def power_bwd(dy, saved):
    x, k = saved
    return dy * k * x ** (k - 1)
