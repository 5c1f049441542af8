# -*- coding: utf-8 -*-
"""
Activation and cost functions used by network.py

"improved" sigmoid f(x) = 1.7159 tanh(2x/3) as recommended in the tricks-of-the-trade chapter
"""
import numpy as np


class ImprovedSigmoid(object):

    @staticmethod
    def f(x):
        return 1.7159 * np.tanh(2.0 / 3.0 * x)

    @staticmethod
    def f_prime(x):
        return 1.7159 * 2.0 / 3.0 * (1 - np.tanh(2.0 / 3.0 * x) ** 2)


class Sigmoid(object):

    @staticmethod
    def f(x):
        # avoid overflow warnings
        x = np.clip(x, -500, 500)
        return 1. / (1. + np.exp(-x))

    @staticmethod
    def f_prime(x):
        y = Sigmoid.f(x)
        return y * (1. - y)


class BipolarSigmoid(object):
    @staticmethod
    def f(x):
        return 2. / (1. + np.exp(-x)) - 1.

    @staticmethod
    def f_prime(x):
        return 0.5 * (1 + BipolarSigmoid.f(x)) * (1 - BipolarSigmoid.f(x))


class TwistedTanh(object):
    # + a small linear term so that it never gets completely flat
    a = 0.01

    @staticmethod
    def f(x):
        return np.tanh(x) + TwistedTanh.a * x

    @staticmethod
    def f_prime(x):
        return 1. / np.cosh(x) ** 2 + TwistedTanh.a


class QuadraticCost(object):

    @staticmethod
    def f(t, y):
        return 0.5 * np.sum((t - y) ** 2)

    @staticmethod
    def f_prime(t, y):
        return y - t
