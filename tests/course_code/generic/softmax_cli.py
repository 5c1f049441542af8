#!/usr/bin/env python3
import argparse
import sys
import numpy as np

parser = argparse.ArgumentParser(description='softmax classifier')
parser.add_argument('--data', type=str, required=True, help='.npz file with X and y')
parser.add_argument('--lr', type=float, default=0.1)
parser.add_argument('--reg', type=float, default=1e-3)
parser.add_argument('--epochs', type=int, default=100)
parser.add_argument('--seed', type=int, default=0)
args = parser.parse_args()

np.random.seed(args.seed)


def one_hot(y, k):
    return np.eye(k)[y]


def loss(W, b, X, Y):
    logits = X @ W + b
    logits -= logits.max(axis=1, keepdims=True)
    logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -(Y * logp).sum() / len(X) + 0.5 * args.reg * (W * W).sum()


def grads(W, b, X, Y):
    logits = X @ W + b
    logits -= logits.max(axis=1, keepdims=True)
    P = np.exp(logits)
    P /= P.sum(axis=1, keepdims=True)
    G = (P - Y) / len(X)
    dW = X.T @ G + args.reg * W
    db = G.sum(axis=0)
    return dW, db


def main():
    try:
        f = np.load(args.data)
    except IOError:
        print('cannot read', args.data)
        sys.exit(1)
    X, y = f['X'], f['y']
    k = y.max() + 1
    Y = one_hot(y, k)
    W = np.zeros((X.shape[1], k))
    b = np.zeros(k)
    for e in range(args.epochs):
        dW, db = grads(W, b, X, Y)
        W -= args.lr * dW
        b -= args.lr * db
        print(e, loss(W, b, X, Y))


main()
