import numpy as np
np.random.seed(1)


def pre_process_images(X):
    X_out = np.ones((X.shape[0], 785))
    X_out[:, :784] = (X / 255.0 - 0.5) * 2
    return X_out


def one_hot_encode(Y, num_classes):
    return np.eye(num_classes)[Y.reshape(-1)]


def cross_entropy_loss(targets, outputs, w=None, l2_reg_lambda=0.0):
    """
    targets, outputs : [batch size, num_classes]
    w, l2_reg_lambda : give both to get the regularised cost  C + lambda * R(w),  R(w) = sum w_ij^2
    """
    assert targets.shape == outputs.shape
    loss = -np.sum(targets * np.log(outputs)) / targets.shape[0]
    if w is not None:
        loss = loss + l2_reg_lambda * np.sum(w ** 2)
    return loss


class SoftmaxModel:

    def __init__(self, l2_reg_lambda):
        self.I = 785
        self.num_outputs = 10
        self.w = np.random.normal(0, 0.05, (self.I, self.num_outputs))
        self.grad = None
        self.l2_reg_lambda = l2_reg_lambda

    def loss(self, targets, outputs):
        return cross_entropy_loss(targets, outputs, self.w, self.l2_reg_lambda)

    def forward(self, X):
        z = X.dot(self.w)
        z = z - z.max(axis=1, keepdims=True)
        self.y = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return self.y

    def backward(self, X, outputs, targets):
        batch = X.shape[0]
        d_ce = np.einsum('ni,nk->ik', X, outputs - targets) / batch
        d_reg = self.l2_reg_lambda * self.w
        self.grad = d_ce + d_reg
        assert self.grad.shape == self.w.shape

    def zero_grad(self):
        self.grad = None
