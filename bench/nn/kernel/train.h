/* The loss on logits and the optimizers. */

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

INLINE void adam_at(float *p, const float *g, float *m, float *v, long n, vf rate, vf beta1, vf take1, vf beta2, vf take2, vf root, vf eps)
{
	vf d = vload_n(g, n);
	vf a = vfma(beta1, vload_n(m, n), vmul(take1, d));
	vf b = vfma(beta2, vload_n(v, n), vmul(take2, vmul(d, d)));
	vstore_n(m, a, n);
	vstore_n(v, b, n);
	vf step = vdiv(vmul(rate, a), vfma(vsqrt(b), root, eps));
	vstore_n(p, vsub(vload_n(p, n), step), n);
}

/* p -= rate m / (sqrt(v) root + eps), after m and v have moved towards g and g²;
 * rate = lr/(1 - beta1^t), root = 1/sqrt(1 - beta2^t). */
static void adam(float *p, const float *g, float *m, float *v, long n, const float k[7])
{
	const vf rate = vset(k[0]), beta1 = vset(k[1]), take1 = vset(k[2]), beta2 = vset(k[3]), take2 = vset(k[4]), root = vset(k[5]), eps = vset(k[6]);
	long i = 0;
	for (; i + VL <= n; i += VL)
		adam_at(p + i, g + i, m + i, v + i, VL, rate, beta1, take1, beta2, take2, root, eps);
	if (i < n)
		adam_at(p + i, g + i, m + i, v + i, n - i, rate, beta1, take1, beta2, take2, root, eps);
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
