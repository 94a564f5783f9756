/* Adam, on flat parameters or on a piece of a gradient as soon as it is known. */

/* A parameter at base + i has its moments at m + i and v + i. */
typedef struct {
	float *base, *m, *v;
	float rate, take1, take2, root, eps; /* see adam_vector */
} update;

/* k = {lr/(1 - beta1^t), 1 - beta1, 1 - beta2, 1/sqrt(1 - beta2^t), eps}. */
static inline update update_of(float *p, float *m, float *v, const float k[5])
{
	return (update){p, m, v, k[0], k[1], k[2], k[3], k[4]};
}

/* m += take1 (g - m), v += take2 (g² - v), p -= rate m / (sqrt(v) root + eps). */
INLINE void adam_vector(float *p, const float *g, float *m, float *v, long n, const update *u)
{
	vf d = vload_n(g, n), a = vload_n(m, n), b = vload_n(v, n);
	a = vfma(vset(u->take1), vsub(d, a), a);
	b = vfma(vset(u->take2), vfms(d, d, b), b);
	vstore_n(m, a, n);
	vstore_n(v, b, n);
	vf q = vdiv(a, vfma(vsqrt(b), vset(u->root), vset(u->eps)));
	vstore_n(p, vfnma(vset(u->rate), q, vload_n(p, n)), n);
}

static void adam_row(float *p, const float *g, long n, const update *from)
{
	const update u = *from; /* its constants stay in registers */
	float *m = u.m + (p - u.base), *v = u.v + (p - u.base);
	long i = 0;
	for (; i + VL <= n; i += VL)
		adam_vector(p + i, g + i, m + i, v + i, VL, &u);
	if (i < n)
		adam_vector(p + i, g + i, m + i, v + i, n - i, &u);
}

static void adam(float *p, const float *g, float *m, float *v, long n, const float k[5])
{
	const update u = update_of(p, m, v, k);
	adam_row(p, g, n, &u);
}
