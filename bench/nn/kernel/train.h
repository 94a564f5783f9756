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

/* m = momentum m + g; p -= lr m. */
static void sgd(float *p, const float *g, float *m, long n, float lr, float momentum)
{
	for (long i = 0; i < n; i += VL) {
		vf b = vfma(vset(momentum), vload_n(m + i, n - i), vload_n(g + i, n - i));
		vstore_n(m + i, b, n - i);
		vstore_n(p + i, vfnma(vset(lr), b, vload_n(p + i, n - i)), n - i);
	}
}
