/* Batch normalisation and ReLU or its leaky form: y = act(gamma (x - mean) / sqrt(var + eps) + beta),
 * mean and variance taken over the rows of each column. Sums over many rows are those of BLOCK each. */

#define BLOCK 1024
#define EVERY_BLOCK(rows) for (long from = 0, to; to = (rows) - from < BLOCK ? (rows) : from + BLOCK, from < (rows); from = to)

/* Calls f with what follows, the activation being a constant in it. */
#define WITH_ACT(f, act, ...) \
	if (act == ACT_LEAKY) \
		f(ACT_LEAKY, __VA_ARGS__); \
	else \
		f(ACT_RELU, __VA_ARGS__)

INLINE void norm_forward_columns(const int act, float *y, const float *x, const float *gamma, const float *beta, float *run_mean, float *run_var,
				 float *mean, float *inv, long rows, long ld, long w, float momentum, float eps)
{
	vf s[NC], m[NC], h[NC], p[NC];
	const vf n = vset((float)rows);
	EVERY_COLUMN s[c] = m[c] = h[c] = vzero();
	EVERY_BLOCK(rows)
	{
		EVERY_COLUMN p[c] = vzero();
		for (long i = from; i < to; i++)
			COLUMNS(w) p[c] = vadd(p[c], vload_n(x + i * ld + c * VL, LEFT(w)));
		EVERY_COLUMN s[c] = vadd(s[c], p[c]);
	}
	COLUMNS(w)
	{
		m[c] = vdiv(s[c], n);
		s[c] = vzero();
	}
	EVERY_BLOCK(rows)
	{
		EVERY_COLUMN p[c] = vzero();
		for (long i = from; i < to; i++)
			COLUMNS(w)
			{
				vf d = vsub(vload_n(x + i * ld + c * VL, LEFT(w)), m[c]);
				p[c] = vfma(d, d, p[c]);
			}
		EVERY_COLUMN s[c] = vadd(s[c], p[c]);
	}
	COLUMNS(w)
	{
		vf var = vdiv(s[c], n), r = vdiv(vset(1), vsqrt(vadd(var, vset(eps))));
		vstore_n(mean + c * VL, m[c], LEFT(w));
		vstore_n(inv + c * VL, r, LEFT(w));
		if (run_mean) {
			vf keep = vset(1 - momentum), take = vset(momentum), unbiased = vdiv(s[c], vsub(n, vset(1)));
			vstore_n(run_mean + c * VL, vfma(keep, vload_n(run_mean + c * VL, LEFT(w)), vmul(take, m[c])), LEFT(w));
			vstore_n(run_var + c * VL, vfma(keep, vload_n(run_var + c * VL, LEFT(w)), vmul(take, unbiased)), LEFT(w));
		}
		s[c] = vmul(r, vload_n(gamma + c * VL, LEFT(w)));
	}
	COLUMNS(w) h[c] = vload_n(beta + c * VL, LEFT(w));
	for (long i = 0; i < rows; i++)
		COLUMNS(w)
		{
			vf d = vsub(vload_n(x + i * ld + c * VL, LEFT(w)), m[c]);
			vstore_n(y + i * ld + c * VL, finish(vfma(d, s[c], h[c]), act, 0, 0), LEFT(w));
		}
}

static void norm_forward(float *y, const float *x, const float *gamma, const float *beta, float *run_mean, float *run_var,
			 float *mean, float *inv, long rows, long width, float momentum, float eps, int act)
{
	long j = 0;
	for (; j + NC * VL <= width; j += NC * VL) {
		WITH_ACT(norm_forward_columns, act, y + j, x + j, gamma + j, beta + j, run_mean ? run_mean + j : 0, run_var ? run_var + j : 0,
			 mean + j, inv + j, rows, width, NC * VL, momentum, eps);
	}
	if (j < width) {
		WITH_ACT(norm_forward_columns, act, y + j, x + j, gamma + j, beta + j, run_mean ? run_mean + j : 0, run_var ? run_var + j : 0,
			 mean + j, inv + j, rows, width, width - j, momentum, eps);
	}
}

INLINE void norm_backward_columns(const int act, float *dx, float *dgamma, float *dbeta, const float *dy, const float *x, const float *y,
				  const float *gamma, const float *mean, const float *inv, long rows, long ld, long w, int add)
{
	vf s[NC], t[NC], m[NC], a[NC], p[NC], u[NC];
	EVERY_COLUMN s[c] = t[c] = m[c] = a[c] = vzero();
	COLUMNS(w) m[c] = vload_n(mean + c * VL, LEFT(w));
	EVERY_BLOCK(rows)
	{
		EVERY_COLUMN p[c] = u[c] = vzero();
		for (long i = from; i < to; i++)
			COLUMNS(w)
			{
				long l = i * ld + c * VL;
				vf d = finish(vload_n(dy + l, LEFT(w)), SLOPE + act, y + l, LEFT(w));
				p[c] = vadd(p[c], d);
				u[c] = vfma(d, vsub(vload_n(x + l, LEFT(w)), m[c]), u[c]);
			}
		EVERY_COLUMN s[c] = vadd(s[c], p[c]);
		EVERY_COLUMN t[c] = vadd(t[c], u[c]);
	}
	COLUMNS(w)
	{
		const vf n = vset((float)rows);
		vf r = vload_n(inv + c * VL, LEFT(w)), g = vmul(t[c], r), b = s[c];
		if (add) {
			g = vadd(g, vload_n(dgamma + c * VL, LEFT(w)));
			b = vadd(b, vload_n(dbeta + c * VL, LEFT(w)));
		}
		if (dgamma) {
			vstore_n(dgamma + c * VL, g, LEFT(w));
			vstore_n(dbeta + c * VL, b, LEFT(w));
		}
		s[c] = vdiv(s[c], n);
		t[c] = vdiv(vmul(t[c], vmul(r, r)), n);
		a[c] = vmul(r, vload_n(gamma + c * VL, LEFT(w)));
	}
	for (long i = 0; i < rows; i++)
		COLUMNS(w)
		{
			long l = i * ld + c * VL;
			vf d = finish(vload_n(dy + l, LEFT(w)), SLOPE + act, y + l, LEFT(w));
			vf e = vsub(vload_n(x + l, LEFT(w)), m[c]);
			vstore_n(dx + l, vmul(a[c], vsub(vfnma(e, t[c], d), s[c])), LEFT(w));
		}
}

/* dx may be dy. */
static void norm_backward(float *dx, float *dgamma, float *dbeta, const float *dy, const float *x, const float *y,
			  const float *gamma, const float *mean, const float *inv, long rows, long width, int add, int act)
{
	long j = 0;
	for (; j + NC * VL <= width; j += NC * VL) {
		WITH_ACT(norm_backward_columns, act, dx + j, dgamma ? dgamma + j : 0, dbeta ? dbeta + j : 0, dy + j, x + j, y + j,
			 gamma + j, mean + j, inv + j, rows, width, NC * VL, add);
	}
	if (j < width) {
		WITH_ACT(norm_backward_columns, act, dx + j, dgamma ? dgamma + j : 0, dbeta ? dbeta + j : 0, dy + j, x + j, y + j,
			 gamma + j, mean + j, inv + j, rows, width, width - j, add);
	}
}

/* With given statistics. */
static void norm_infer(float *y, const float *x, const float *gamma, const float *beta, const float *mean, const float *var,
		       long rows, long width, float eps, int act)
{
	for (long j = 0; j < width; j += VL) {
		long n = width - j;
		vf a = vdiv(vload_n(gamma + j, n), vsqrt(vadd(vload_n(var + j, n), vset(eps))));
		vf m = vload_n(mean + j, n), h = vload_n(beta + j, n);
		for (long i = 0; i < rows; i++)
			vstore_n(y + i * width + j, finish(vfma(vsub(vload_n(x + i * width + j, n), m), a, h), act, 0, 0), n);
	}
}
