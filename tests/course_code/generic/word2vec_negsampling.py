import numpy as np

def sigmoid(x):
    s = 1.0/(1+np.exp(-x))
    return s

def softmaxCostAndGradient(predicted, target, outputVectors):
    """ softmax cost for word2vec, predicted = v_hat (dim,), target = index, outputVectors = rows """
    z = np.dot(outputVectors, predicted)
    z -= np.max(z)
    p = np.exp(z)/np.sum(np.exp(z))
    cost = -np.log(p[target])
    d = p
    d[target] -= 1.0
    gradPred = np.dot(d, outputVectors)
    grad = d[:, np.newaxis]*predicted[np.newaxis, :]
    return cost, gradPred, grad

def drawNoise(target, counts, K):
    """ K random words (not the target), frequent words more often """
    prob = counts**0.75
    prob[target] = 0.0
    prob = prob/prob.sum()
    return [int(w) for w in np.random.choice(len(counts), K, p=prob)]

def negSamplingCostAndGradient(predicted, target, outputVectors, negIdx):
    """ negIdx is a list of K words, a word can be there more than once """
    grad = np.zeros(outputVectors.shape)
    u_o = outputVectors[target]
    s = sigmoid(np.dot(u_o, predicted))
    cost = -np.log(s)
    gradPred = (s-1)*u_o
    grad[target] += (s-1)*predicted

    U_k = outputVectors[negIdx]
    s_k = sigmoid(-np.dot(U_k, predicted))
    cost -= np.sum(np.log(s_k))
    gradPred += np.dot(1-s_k, U_k)
    grad[negIdx] += np.outer(1-s_k, predicted)

    return cost, gradPred, grad

if __name__ == "__main__":
    np.random.seed(1)
    v = np.random.randn(4)
    U = np.random.randn(6, 4)
    freq = np.array([10., 3., 8., 1., 1., 2.])
    c, gp, g = softmaxCostAndGradient(v, 2, U)
    print("softmax", c, gp)
    noise = drawNoise(2, freq, 8)
    print("noise words:", noise)
    c, gp, g = negSamplingCostAndGradient(v, 2, U, noise)
    print("neg sampling", c, gp)
    for i in range(6):
        print(g[i])
