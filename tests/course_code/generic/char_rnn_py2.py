"""
character level rnn, python 2, needs poem.txt next to it
"""
import numpy as np

text = open('poem.txt', 'r').read()
chars = sorted(set(text))
vocab = len(chars)
print 'poem has %d characters, %d different' % (len(text), vocab)
ch2ix = {c: i for i, c in enumerate(chars)}
ix2ch = {i: c for i, c in enumerate(chars)}

H = 64         # hidden units
T = 20         # steps to unroll
lr = 0.1

U = np.random.randn(H, vocab)*0.01   # in -> hidden
R = np.random.randn(H, H)*0.01       # hidden -> hidden
V = np.random.randn(vocab, H)*0.01   # hidden -> out
bh = np.zeros((H, 1))
by = np.zeros((vocab, 1))

def onehot(i):
  v = np.zeros((vocab, 1))
  v[i] = 1
  return v

def lossFun(inputs, targets, hprev):
  """ inputs, targets: lists of ints; hprev: H x 1. returns loss, gradients, last hidden """
  xs, hs, ps = {}, {}, {}
  hs[-1] = np.copy(hprev)
  loss = 0
  for t in xrange(len(inputs)):
    xs[t] = onehot(inputs[t])
    hs[t] = np.tanh(np.dot(U, xs[t]) + np.dot(R, hs[t-1]) + bh)
    y = np.dot(V, hs[t]) + by
    ps[t] = np.exp(y)/np.sum(np.exp(y))
    loss -= np.log(ps[t][targets[t], 0])
  dU, dR, dV = np.zeros_like(U), np.zeros_like(R), np.zeros_like(V)
  dbh, dby = np.zeros_like(bh), np.zeros_like(by)
  carry = np.zeros_like(hs[0])
  for t in reversed(xrange(len(inputs))):
    dy = ps[t] - onehot(targets[t])
    dV += np.dot(dy, hs[t].T)
    dby += dy
    dh = np.dot(V.T, dy) + carry
    draw = (1 - hs[t]*hs[t])*dh
    dbh += draw
    dU += np.dot(draw, xs[t].T)
    dR += np.dot(draw, hs[t-1].T)
    carry = np.dot(R.T, draw)
  for g in [dU, dR, dV, dbh, dby]:
    np.clip(g, -5, 5, out=g)   # exploding gradients
  return loss, dU, dR, dV, dbh, dby, hs[len(inputs)-1]

weights = [U, R, V, bh, by]
speed = [0*w for w in weights]
hprev = np.zeros((H, 1))
for epoch in xrange(30):
  total = 0
  for start in xrange(0, len(text)-T-1, T):
    piece = [ch2ix[c] for c in text[start:start+T+1]]
    out = lossFun(piece[:-1], piece[1:], hprev)
    total += out[0]
    hprev = out[6]
    for k in xrange(5):
      speed[k] *= 0.9
      speed[k] -= lr/T*out[1+k]
      weights[k] += speed[k]
  print 'epoch', epoch, 'loss', total
