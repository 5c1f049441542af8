# -*- coding: utf-8 -*-
import numpy as N
from numpy import linalg as LA

# rede com uma camada escondida (tanh), saída linear
# convencao: cada COLUNA de x é um exemplo


def inicializa(n_entrada, n_escondida, n_saida):
    V = N.random.uniform(-0.5, 0.5, (n_escondida, n_entrada + 1))
    W = N.random.uniform(-0.5, 0.5, (n_saida, n_escondida + 1))
    return V, W


def saida(x, V, W):
    m = x.shape[1]
    xb = N.vstack((x, N.ones((1, m))))
    h = N.tanh(N.dot(V, xb))
    hb = N.vstack((h, N.ones((1, m))))
    return xb, hb, N.dot(W, hb)


def erro(x, t, V, W):
    _, _, y = saida(x, V, W)
    return LA.norm(y - t) ** 2 / (2. * x.shape[1])


def derivadas(x, t, V, W):
    xb, hb, y = saida(x, V, W)
    m = x.shape[1]
    delta_o = (y - t) / m
    dW = N.dot(delta_o, hb.T)
    # tira a ultima coluna de W (bias)
    delta_h = N.dot(W[:, :-1].T, delta_o) * (1 - hb[:-1] ** 2)
    dV = N.dot(delta_h, xb.T)
    # print(dV.shape, dW.shape)
    return dV, dW


def treina(x, t, passo=0.05, epocas=300):
    V, W = inicializa(x.shape[0], 6, t.shape[0])
    for e in range(epocas):
        dV, dW = derivadas(x, t, V, W)
        V -= passo * dV
        W -= passo * dW
    print('erro final', erro(x, t, V, W))
    return V, W
