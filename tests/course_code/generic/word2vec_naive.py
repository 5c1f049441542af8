import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    """softmax of a vector"""
    x = x - np.max(x)
    e = np.exp(x)
    return e / np.sum(e)


def naiveSoftmaxLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors):
    """ Naive softmax loss & gradient for one center / outside pair

    centerWordVec: v_c, (embedding dim,)
    outsideWordIdx: int, index of the outside word
    outsideVectors: U, one row for each word in the vocab

    Return: loss, gradCenterVec, gradOutsideVecs
    """
    scores = outsideVectors.dot(centerWordVec)
    y_hat = softmax(scores)
    loss = -np.log(y_hat[outsideWordIdx])

    delta = y_hat.copy()
    delta[outsideWordIdx] -= 1

    gradCenterVec = outsideVectors.T.dot(delta)
    gradOutsideVecs = np.outer(delta, centerWordVec)

    assert gradCenterVec.shape == centerWordVec.shape
    assert gradOutsideVecs.shape == outsideVectors.shape
    return loss, gradCenterVec, gradOutsideVecs


def skipgram(currentCenterWord, windowSize, outsideWords, word2Ind,
             centerWordVectors, outsideVectors,
             word2vecLossAndGradient=naiveSoftmaxLossAndGradient):
    loss = 0.0
    gradCenterVecs = np.zeros(centerWordVectors.shape)
    gradOutsideVectors = np.zeros(outsideVectors.shape)

    c = word2Ind[currentCenterWord]
    vc = centerWordVectors[c]
    for w in outsideWords:
        o = word2Ind[w]
        l, gc, go = word2vecLossAndGradient(vc, o, outsideVectors)
        loss += l
        gradCenterVecs[c] += gc
        gradOutsideVectors += go

    return loss, gradCenterVecs, gradOutsideVectors


if __name__ == "__main__":
    np.random.seed(9265)
    words = dict([("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4)])
    V = np.random.randn(5, 3)
    U = np.random.randn(5, 3)
    print(skipgram("c", 3, ["a", "b", "e", "d", "b", "c"], words, V, U))
