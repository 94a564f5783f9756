/* The loss on logits, and gradient descent. */

/* c · mean softplus(s x), with c s sigmoid(s x) / n, its gradient, in dx unless that is 0.
 * softplus(x) = max(x, 0) + log(1 + exp(-|x|)). */
static double softplus(float *dx, const float *x, long n, float s, float c)
{
	double sum = 0;
	const vf scale = vset(c * s / (float)n);
	for (long i = 0; i < n; i += VL) {
		vf a = vmul(vset(s), vload_n(x + i, n - i));
		vf e = vexp_negative(vsub(vzero(), vabs(a)));
		float part[VL];
		vstore(part, vadd(vmax(vzero(), a), vlog1p_unit(e)));
		for (int j = 0; j < VL && i + j < n; j++)
			sum += part[j];
		if (dx) {
			vf sigmoid = vdiv(vpick(vnle(a, vzero()), vset(1), e), vadd(vset(1), e));
			vstore_n(dx + i, vmul(scale, sigmoid), n - i);
		}
	}
	return c * sum / (double)n;
}

/* m += take1 (g - m), v += take2 (g² - v), p -= rate m / (sqrt(v) root + eps),
 * k = {rate, take1, take2, root, eps}. One root and one quotient a vector bound
 * the time: they share a unit that no other instruction needs. */
static void adam(float *p, const float *g, float *m, float *v, long n, const float k[5])
{
	const vf rate = vset(k[0]), take1 = vset(k[1]), take2 = vset(k[2]), root = vset(k[3]), eps = vset(k[4]);
	for (long i = 0; i < n; i += VL) {
		long l = n - i;
		vf d = vload_n(g + i, l), a = vload_n(m + i, l), b = vload_n(v + i, l);
		a = vfma(take1, vsub(d, a), a);
		b = vfma(take2, vfms(d, d, b), b);
		vstore_n(m + i, a, l);
		vstore_n(v + i, b, l);
		vstore_n(p + i, vfnma(rate, vdiv(a, vfma(vsqrt(b), root, eps)), vload_n(p + i, l)), l);
	}
}

/* m = momentum m + g; p -= lr m. */
static void sgd(float *p, const float *g, float *m, long n, float lr, float momentum)
{
	for (long i = 0; i < n; i += VL) {
		vf b = vfma(vset(momentum), vload_n(m + i, n - i), vload_n(g + i, n - i));
		vstore_n(m + i, b, n - i);
		vstore_n(p + i, vfnma(vset(lr), b, vload_n(p + i, n - i)), n - i);
	}
}
