import numpy as np
D = np.dot
def lin_f(x,w,b): return D(x,w)+b, (x,w)
def lin_b(c,g): x,w=c; return D(x.T,g), g.sum(0), D(g,w.T)      # dw db dx
def relu_f(x): m=x>0; return x*m, m
def relu_b(c,g): return g*c
def sig_f(x): s=1/(1+np.exp(-x)); return s, s
def sig_b(c,g): return g*c*(1-c)
def mul_f(x,y): return x*y, (x,y)
def mul_b(c,g): return g*c[1], g*c[0]
def mlp_f(x,w1,b1,w2,b2):
  h,c1=lin_f(x,w1,b1); a,c2=sig_f(h); o,c3=lin_f(a,w2,b2)
  return o,(c1,c2,c3)
def mlp_b(c,g):
  dw2,db2,da=lin_b(c[2],g)
  dw1,db1,dx=lin_b(c[0],sig_b(c[1],da))
  return dw1,db1,dw2,db2,dx
