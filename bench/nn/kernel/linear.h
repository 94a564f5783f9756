/* A fully connected layer: y = act(x w + b), w[in][out]. */

static void act_rows(float *y, long n, int act)
{
	if (act == ACT_TANH)
		for (long i = 0; i < n; i += VL)
			vstore_n(y + i, vtanh(vload_n(y + i, n - i)), n - i);
	if (act == ACT_RELU)
		for (long i = 0; i < n; i += VL)
			vstore_n(y + i, vmax(vzero(), vload_n(y + i, n - i)), n - i);
}

/* wᵀ of a thin layer, on the stack of the caller. */
#define THIN_MOST (KC * NT / THIN)

static void transpose_thin(float *t, const float *w, long in, int out)
{
	for (long i = 0; i < in; i++)
		for (int j = 0; j < out; j++)
			t[j * in + i] = w[i * out + j];
}

static void linear_forward(float *y, const float *x, const float *w, const float *b, long rows, long in, long out, int act)
{
	float t[KC * NT];
	if (out <= THIN && in <= THIN_MOST) {
		transpose_thin(t, w, in, (int)out);
		THIN_SWITCH(out, dots, rows, in, x, t, in, y, b)
		act_rows(y, rows * out, act);
		return;
	}
	long parts = blocks(in, KC);
	for (long k0 = 0, k; k0 < in; k0 += k, parts--) {
		k = blocks(in - k0, parts);
		int init = k0 > 0 ? INIT_C : b ? INIT_BIAS : INIT_ZERO;
		for (long j = 0; j < out; j += NT) {
			int n = out - j < NT ? (int)(out - j) : NT;
			panel(rows, n, k, x + k0, in, 1, t, w + k0 * out + j, out, y + j, out, init, b ? b + j : 0, parts == 1 ? act : ACT_NONE, y);
		}
	}
}

/* dy act'(y) in place of dy. */
static void slope_rows(float *dy, const float *y, long n, int act)
{
	for (long i = 0; act != ACT_NONE && i < n; i += VL)
		vstore_n(dy + i, slope(vload_n(dy + i, n - i), y + i, n - i, act), n - i);
}

/* dx[rows][in] = dz[rows][out] wᵀ, times below'(h) where x = below(h). */
static void linear_dx(float *dx, const float *dz, const float *x, const float *w, long rows, long in, long out, int below)
{
	float t[KC * NT];
	if (in <= THIN) {
		THIN_SWITCH(in, dots, rows, out, dz, w, out, dx, 0)
		slope_rows(dx, x, rows * in, below);
		return;
	}
	if (out <= THIN && in <= THIN_MOST) {
		transpose_thin(t, w, in, (int)out);
		THIN_SWITCH(out, outer, rows, in, dx, dz, t, x, below)
		return;
	}
	long parts = blocks(out, KC);
	for (long k0 = 0, k; k0 < out; k0 += k, parts--) {
		k = blocks(out - k0, parts);
		for (long j = 0; j < in; j += NT) {
			int n = in - j < NT ? (int)(in - j) : NT;
			pack_transposed(t, w + j * out + k0, out, k, n);
			panel(rows, n, k, dz + k0, out, 1, t, 0, 0, dx + j, in, k0 > 0 ? INIT_C : INIT_ZERO, 0,
			      parts == 1 ? SLOPE + below : ACT_NONE, x + j);
		}
	}
}

static void linear_backward(float *dx, float *dw, float *db, const float *dz, const float *x, const float *w,
			    long rows, long in, long out, int below, int add)
{
	if (dx)
		linear_dx(dx, dz, x, w, rows, in, out, below);
	float t[KC * NT];
	if (dw)
		linear_dw(dw, db, x, dz, rows, in, out, add, 0, 0, t, KC);
}

/* The same, with a step of Adam for w and b as soon as a piece of their gradient is known. */
static void linear_step(float *dx, const float *dz, const float *x, float *w, float *mw, float *vw, float *b, float *mb, float *vb,
			long rows, long in, long out, int below, const float k[5])
{
	const update uw = update_of(w, mw, vw, k), ub = update_of(b, mb, vb, k);
	if (dx)
		linear_dx(dx, dz, x, w, rows, in, out, below);
	float t[STEP_ROWS * NT];
	linear_dw(w, b, x, dz, rows, in, out, 0, &uw, &ub, t, STEP_ROWS);
}
