/* Elementary functions on vectors. */

/* tanh by a rational function; |x| beyond 7.9 gives the value there, 1 in float32. */
static inline vf vtanh(vf x)
{
	const float big = 7.90531110763549805f;
	x = vmax(vset(-big), vmin(vset(big), x));
	vf u = vmul(x, x);
	vf p = vset(-2.76076847742355e-16f);
	p = vfma(p, u, vset(2.00018790482477e-13f));
	p = vfma(p, u, vset(-8.60467152213735e-11f));
	p = vfma(p, u, vset(5.12229709037114e-08f));
	p = vfma(p, u, vset(1.48572235717979e-05f));
	p = vfma(p, u, vset(6.37261928875436e-04f));
	p = vfma(p, u, vset(4.89352455891786e-03f));
	vf q = vset(1.19825839466702e-06f);
	q = vfma(q, u, vset(1.18534705686654e-04f));
	q = vfma(q, u, vset(2.26843463243900e-03f));
	q = vfma(q, u, vset(4.89352518554385e-03f));
	return vdiv(vmul(x, p), q);
}

/* exp(x) for x ≤ 0, at least exp(-87). */
static inline vf vexp_negative(vf x)
{
	x = vmax(vset(-87), x);
	vf t = vfma(x, vset(1.44269504f), vset(12582912)); /* 1.5 · 2^23: the sum is rounded to an integer */
	vf n = vsub(t, vset(12582912));
	vf r = vfnma(n, vset(0.693359375f), x);
	r = vfnma(n, vset(-2.12194440e-4f), r);
	vf p = vset(1.9875691500e-4f);
	p = vfma(p, r, vset(1.3981999507e-3f));
	p = vfma(p, r, vset(8.3334519073e-3f));
	p = vfma(p, r, vset(4.1665795894e-2f));
	p = vfma(p, r, vset(1.6666665459e-1f));
	p = vfma(p, r, vset(5.0000001201e-1f));
	p = vfma(vmul(r, r), p, r);
	vf scale = vfloat(vishl23(viadd(vbits(t), viset(127))));
	return vfma(scale, p, scale);
}

/* log(1 + e) for 0 ≤ e ≤ 1: 2 atanh(e/(2+e)). */
static inline vf vlog1p_unit(vf e)
{
	vf s = vdiv(e, vadd(e, vset(2)));
	vf u = vmul(s, s);
	vf p = vset(1.0f / 13);
	p = vfma(p, u, vset(1.0f / 11));
	p = vfma(p, u, vset(1.0f / 9));
	p = vfma(p, u, vset(1.0f / 7));
	p = vfma(p, u, vset(1.0f / 5));
	p = vfma(p, u, vset(1.0f / 3));
	vf twice = vadd(s, s);
	return vfma(vmul(twice, u), p, twice);
}

static inline vf vload_n(const float *p, long n)
{
	if (n >= VL)
		return vload(p);
	float t[VL] = {0};
	memcpy(t, p, n * sizeof *t);
	return vload(t);
}

static inline void vstore_n(float *p, vf v, long n)
{
	if (n >= VL) {
		vstore(p, v);
		return;
	}
	float t[VL];
	vstore(t, v);
	memcpy(p, t, n * sizeof *t);
}

#define NC 4 /* vectors of columns taken together: whole cache lines */

/* Over the vectors c of w ≤ NC·VL columns, and how many columns are left from c on. */
#define COLUMNS(w) for (int c = 0; c < NC && c * VL < (w); c++)
#define LEFT(w) ((w) - c * VL)
