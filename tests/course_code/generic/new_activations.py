import numpy as np

# Comparison of modern activation functions
# (each one in a dict: 'f' and 'df')

def _sig(x):
    return 1/(1+np.exp(-x))

def swish(x, beta=1.5):
    return x*_sig(beta*x)

def dswish(x, beta=1.5):
    s = _sig(beta*x)
    return s + x*s*(1-s)

def mish(x):
    return x*np.tanh(np.log(1+np.exp(x)))

def dmish(x):
    sp = np.log(1+np.exp(x))
    t = np.tanh(sp)
    return t + x*(1-t*t)*_sig(x)

def selu(x, lam=1.0507, alpha=1.67326):
    return lam*np.where(x > 0, x, alpha*(np.exp(x)-1))

def dselu(x, lam=1.0507, alpha=1.67326):
    return lam*np.where(x > 0, 1, alpha*np.exp(x))

def hard_sigmoid(x):
    return np.clip(0.2*x+0.5, 0, 1)

def dhard_sigmoid(x):
    return np.where((x > -2.5) & (x < 2.5), 0.2, 0)

def gaussian(x):
    return np.exp(-x**2)

def dgaussian(x):
    return -2*x*np.exp(-x**2)

functions = {
    'swish': {'f': swish, 'df': dswish},
    'mish': {'f': mish, 'df': dmish},
    'selu': {'f': selu, 'df': dselu},
    'hard': {'f': hard_sigmoid, 'df': dhard_sigmoid},
    'gauss': {'f': gaussian, 'df': dgaussian},
}

if __name__ == '__main__':
    xs = np.linspace(-5, 5, 11)
    for name in functions:
        print(name, functions[name]['f'](xs).round(3), functions[name]['df'](xs).round(3))
