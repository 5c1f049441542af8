# python2 nonlin_xor_py2.py
# majority of three bits with a hidden layer. No biases, the last column is always 1
import numpy as np

rnd = np.random.RandomState(11)

def nonlin(x, deriv=False):
	"""logistic function; with deriv=True x has to be an OUTPUT of this function"""
	if deriv:
		return (1.0-x)*x
	e = np.exp(-x)
	return 1.0/(e+1.0)

bits = np.array([[i & 1, (i >> 1) & 1, (i >> 2) & 1, 1] for i in xrange(8)], dtype=float)
wanted = (bits[:, :3].sum(axis=1) >= 2).astype(float).reshape(8, 1)

A = rnd.uniform(-1, 1, (4, 5))
B = rnd.uniform(-1, 1, (5, 1))

eta = 0.8
for epoch in xrange(60000):
	hid = nonlin(bits.dot(A))
	guess = nonlin(hid.dot(B))
	miss = guess - wanted
	if not epoch % 15000:
		print "epoch", epoch, "largest miss", abs(miss).max()
	back = miss*nonlin(guess, True)
	backhid = back.dot(B.T)*nonlin(hid, True)
	B -= eta*hid.T.dot(back)
	A -= eta*bits.T.dot(backhid)

for row, g in zip(bits, guess):
	print row[:3], "->", round(g[0], 3)
