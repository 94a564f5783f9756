/* Elementary functions on vectors. */

/* tanh by x P(x²)/Q(x²), both of degree 4: the minimax fit in relative error on
 * |x| ≤ 8.6, its coefficients then moved by single units in the last place for
 * the least error in float32. Beyond 8.6 it stays at the value there, 1. */
static inline vf vtanh(vf x)
{
	x = vmax(vset(-8.6f), vmin(vset(8.6f), x));
	vf u = vmul(x, x);
	vf p = vfma(vset(0.0174358897f), u, vset(26.188467f));
	vf q = vadd(u, vset(413.852051f));
	p = vfma(p, u, vset(4375.97119f));
	q = vfma(q, u, vset(32264.2441f));
	p = vfma(p, u, vset(166434.625f));
	q = vfma(q, u, vset(580286.125f));
	p = vfma(p, u, vset(1241554.88f));
	q = vfma(q, u, vset(1241554.88f));
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

/* The first n lanes, or all: zeros are loaded for the others, and none stored. */
#ifndef MASKED
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
#endif

#define NC 4 /* vectors of columns taken together: whole cache lines */

/* Over the vectors c of w ≤ NC·VL columns, and how many columns are left from c on. */
#define EVERY_COLUMN UNROLL for (int c = 0; c < NC; c++)
#define COLUMNS(w) UNROLL for (int c = 0; c < NC; c++) if (c * VL < (w))
#define LEFT(w) ((w) - c * VL)

/* What follows a product: an activation, or SLOPE + act, the slope of act where
 * it gave the n values at y. */
enum { SLOPE = 16 };

/* max(x, LEAK x), and g times its slope where it gave y. */
INLINE vf leaky(vf x) { return vmax(vmul(vset(LEAK), x), x); }
INLINE vf leaky_slope(vf g, vf y) { return vpick(vnle(y, vzero()), g, vmul(vset(LEAK), g)); }

INLINE vf finish(vf x, int act, const float *y, long n)
{
	switch (act) {
	case ACT_RELU:
		return vmax(vzero(), x);
	case ACT_TANH:
		return vtanh(x);
	case ACT_LEAKY:
		return leaky(x);
	case SLOPE + ACT_LEAKY:
		return leaky_slope(x, vload_n(y, n));
	case SLOPE + ACT_RELU:
		return vand(vnle(vload_n(y, n), vzero()), x);
	case SLOPE + ACT_TANH: {
		vf h = vload_n(y, n);
		return vmul(x, vfnma(h, h, vset(1)));
	}
	}
	return x;
}
