import numpy as np

rng = np.random.RandomState(77)
N = 50000

# two clouds of points
cloud0 = rng.randn(N, 2).dot(np.array([[1., .4], [0., .8]]))
cloud1 = rng.randn(N, 2) * 0.9 + np.array([1.5, 2.5])
features = np.column_stack([np.ones(2 * N), np.concatenate([cloud0, cloud1])])
target = np.repeat([0., 1.], N)


def squash(s):
    return 1 / (1 + np.exp(-s))


def loss(weights, features, target):
    p = squash(features @ weights)
    per_point = np.where(target == 1, np.log(p), np.log(1 - p))
    return per_point.mean()


def loss_gradient(weights, features, target):
    wrongness = target - squash(features @ weights)
    return wrongness @ features / features.shape[0]


weights = np.zeros(3)
# takes a while, go and get a coffee
for step in range(200000):
    weights = weights + 0.01 * loss_gradient(weights, features, target)
    if step % 2000 == 0:
        print(step, loss(weights, features, target), weights)

hits = (squash(features @ weights) > 0.5) == (target > 0.5)
print('right: %.2f %%' % (100 * hits.mean()))
