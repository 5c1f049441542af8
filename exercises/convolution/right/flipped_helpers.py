import numpy as np


def correlate(image, kernel):
    H, W = image.shape
    h, w = kernel.shape
    return sum(
        kernel[a, c] * image[a : a + H - h + 1, c : c + W - w + 1] for a in range(h) for c in range(w)
    )


def full_convolve(image, kernel):
    h, w = kernel.shape
    return correlate(np.pad(image, ((h - 1, h - 1), (w - 1, w - 1))), np.flip(kernel))


def conv_forward(x, w, b):
    return np.array([[sum(map(correlate, img, f)) + bias for f, bias in zip(w, b)] for img in x])


def conv_backward(dout, x, w, b):
    dx = np.array(
        [[sum(full_convolve(g, f[c]) for g, f in zip(grads, w)) for c in range(w.shape[1])] for grads in dout]
    )
    dw = np.array(
        [
            [sum(correlate(x[i, c], dout[i, f]) for i in range(len(x))) for c in range(x.shape[1])]
            for f in range(w.shape[0])
        ]
    )
    return dx, dw, dout.sum((0, 2, 3))
