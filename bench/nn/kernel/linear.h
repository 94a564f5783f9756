/* A fully connected layer: y = act(x w + b), w[in][out]. */

INLINE void finish_all(float *x, const float *y, long n, const int act)
{
	for (long i = 0; i < n; i += VL)
		vstore_n(x + i, finish(vload_n(x + i, n - i), act, y + i, n - i), n - i);
}

static void finish_rows(float *x, const float *y, long n, int act)
{
	switch (act) { /* a constant in each loop */
	case ACT_RELU:
		finish_all(x, y, n, ACT_RELU);
		break;
	case ACT_TANH:
		finish_all(x, y, n, ACT_TANH);
		break;
	case ACT_LEAKY:
		finish_all(x, y, n, ACT_LEAKY);
		break;
	case SLOPE + ACT_RELU:
		finish_all(x, y, n, SLOPE + ACT_RELU);
		break;
	case SLOPE + ACT_LEAKY:
		finish_all(x, y, n, SLOPE + ACT_LEAKY);
		break;
	case SLOPE + ACT_TANH:
		finish_all(x, y, n, SLOPE + ACT_TANH);
		break;
	}
}

static void slope_rows(float *dy, const float *y, long n, int act) { finish_rows(dy, y, n, SLOPE + act); }

/* wᵀ of a thin layer lies on the stack of the caller. How long it may be decides on the
 * order of a sum, so it does not depend on the vector. */
#define THIN_MOST 1365

static void transpose_thin(float *t, const float *w, long in, int out)
{
	for (long i = 0; i < in; i++)
		for (int j = 0; j < out; j++)
			t[j * in + i] = w[i * out + j];
}

static void linear_forward(float *y, const float *x, const float *w, const float *b, long rows, long in, long out, int act)
{
	if (out <= THIN && in <= THIN_MOST) {
		float t[THIN * THIN_MOST] ALIGNED;
		transpose_thin(t, w, in, (int)out);
		THIN_SWITCH(out, dots, rows, in, x, t, in, y, b, act, y)
		return;
	}
	if (in <= THIN) { /* a few rows at a time, which are still in L1 when their tanh is taken */
		for (long r, some = 4096 / out + 1; rows > 0; rows -= r, x += r * in, y += r * out) {
			r = rows < some ? rows : some;
			THIN_SWITCH(in, spread, r, out, y, x, w, b, ACT_NONE)
			finish_rows(y, y, r * out, act);
		}
		return;
	}
	float t[KC * NT] ALIGNED;
	long parts = blocks(in, KC);
	for (long k0 = 0, k; k0 < in; k0 += k, parts--) {
		k = blocks(in - k0, parts);
		for (long j = 0; j < out; j += NT) {
			int n = out - j < NT ? (int)(out - j) : NT;
			const float *src = w + k0 * out + j;
			product q = {.a = x + k0, .rs = in, .cs = 1, .c = y + j, .ldc = out, .y = y + j, .bias = b ? b + j : 0,
				     .init = k0 > 0 ? INIT_C : b ? INIT_BIAS : INIT_ZERO, .act = parts == 1 ? act : ACT_NONE};
			if (j + 2 * NT <= out && in * out > 32768)
				q.next = (ahead){.from = src + NT, .ld = out, .rows = k, .lines = NT / 16};
			panel(q, rows, n, k, t, src, out);
		}
	}
}

/* dx[rows][in] = dz[rows][out] wᵀ, times below'(h) where x = below(h). */
static NOINLINE void linear_dx(float *dx, const float *dz, const float *x, const float *w, long rows, long in, long out, int below)
{
	if (in <= THIN) {
		THIN_SWITCH(in, dots, rows, out, dz, w, out, dx, 0, SLOPE + below, x)
		return;
	}
	float t[KC * NT] ALIGNED;
	long parts = blocks(out, KC);
	for (long k0 = 0, k; k0 < out; k0 += k, parts--) {
		k = blocks(out - k0, parts);
		for (long j = 0; j < in; j += NT) {
			int n = in - j < NT ? (int)(in - j) : NT;
			const float *src = w + j * out + k0;
			product q = {.a = dz + k0, .rs = out, .cs = 1, .c = dx + j, .ldc = in, .y = x + j,
				     .init = k0 > 0 ? INIT_C : INIT_ZERO, .act = parts == 1 ? SLOPE + below : ACT_NONE};
			if (j + 2 * NT <= in && in * out > 32768)
				q.next = (ahead){.from = src + NT * out, .ld = out, .rows = NT, .lines = k / 16};
			pack_transposed(t, src, out, k, n);
			panel(q, rows, n, k, t, 0, 0);
		}
	}
}

#define narrow_act(n, rows, in, dx, dw, dz, x, t, below, add) \
	if (below == ACT_TANH) \
		narrow(n, rows, in, dx, dw, dz, x, t, SLOPE + ACT_TANH, add); \
	else if (below == ACT_RELU) \
		narrow(n, rows, in, dx, dw, dz, x, t, SLOPE + ACT_RELU, add); \
	else if (below == ACT_LEAKY) \
		narrow(n, rows, in, dx, dw, dz, x, t, SLOPE + ACT_LEAKY, add); \
	else \
		narrow(n, rows, in, dx, dw, dz, x, t, ACT_NONE, add)

/* Weights before dx: it may be x. */
static void linear_backward(float *dx, float *dw, float *db, const float *dz, const float *x, const float *w,
			    long rows, long in, long out, int below, int add)
{
	if (out <= THIN && in > THIN && in <= THIN_MOST) {
		float t[THIN * THIN_MOST] ALIGNED;
		if (dx)
			transpose_thin(t, w, in, (int)out);
		THIN_SWITCH(out, narrow_act, rows, in, dx, dw, dz, x, t, below, add)
		if (dw && db)
			column_sums(db, dz, rows, (int)out, add);
		return;
	}
	if (dw)
		linear_dw(dw, db, x, dz, rows, in, out, add);
	if (dx)
		linear_dx(dx, dz, x, w, rows, in, out, below);
}
