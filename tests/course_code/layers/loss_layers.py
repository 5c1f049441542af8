import numpy as np


def svm_loss(scores, labels, delta=1.0):
    n = scores.shape[0]
    loss = 0.0
    dscores = np.zeros_like(scores)
    for i in range(n):
        c = labels[i]
        for j in range(scores.shape[1]):
            if j == c:
                continue
            m = scores[i, j] - scores[i, c] + delta
            if m > 0:
                loss += m
                dscores[i, j] += 1
                dscores[i, c] -= 1
    return loss / n, dscores / n


def softmax_loss(scores, labels):
    """
    scores: N x C
    labels: N
    """
    n, C = scores.shape
    e = np.exp(scores - scores.max())
    p = e / e.sum(axis=1)[:, None]
    onehot = np.eye(C)[labels]
    loss = -(onehot * np.log(p)).sum() / n
    return loss, (p - onehot) / n


def l2_svm_loss(scores, labels):
    # squared hinge, one of the ex. questions
    n = len(labels)
    margin = np.maximum(0, scores - scores[range(n), labels].reshape(-1, 1) + 1)
    margin[range(n), labels] = 0
    loss = (margin ** 2).sum() / n
    d = 2 * margin
    d[range(n), labels] = -d.sum(axis=1)
    d /= n
    return loss, d


def label_smoothing_loss(scores, labels, eps=0.1):
    n, C = scores.shape
    q = np.full((n, C), eps / C)
    q[np.arange(n), labels] += 1 - eps
    m = scores.max(1, keepdims=True)
    logp = scores - m - np.log(np.exp(scores - m).sum(1, keepdims=True))
    loss = -np.mean(np.sum(q * logp, axis=1))
    dscores = (np.exp(logp) - q) / n
    return loss, dscores
