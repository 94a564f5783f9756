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
			panel(rows, n, k, x + k0, in, 1, t, w + k0 * out + j, out, y + j, out, init, b ? b + j : 0, parts == 1 ? act : ACT_NONE);
		}
	}
}

/* d act'(h), given y = act(h). */
INLINE vf slope(vf d, const float *y, long n, int act)
{
	if (act == ACT_TANH) {
		vf h = vload_n(y, n);
		return vmul(d, vfnma(h, h, vset(1)));
	}
	if (act == ACT_RELU)
		return vand(vnle(vload_n(y, n), vzero()), d);
	return d;
}

static void slope_rows(float *dy, const float *y, long n, int act)
{
	for (long i = 0; act != ACT_NONE && i < n; i += VL)
		vstore_n(dy + i, slope(vload_n(dy + i, n - i), y + i, n - i, act), n - i);
}

/* dz = dy act'(y) in place of dy, for w ≤ NT columns of k rows. It is copied to
 * the panel t, padded with zeros, or multiplied at once where x has only thin
 * columns: dw[thin][w] = xᵀ dz. Its columns are summed into db. */
INLINE void slope_panel(const int thin, float *t, float *dw, float *db, float *dy, const float *x, const float *y, long ld, long k, long w, int act, int add)
{
	vf s[NV], p[THIN][NV];
	for (int c = 0; c < NV; c++) {
		s[c] = vzero();
		for (int i = 0; i < thin; i++)
			p[i][c] = vzero();
	}
	for (long r = 0; r < k; r++, dy += ld, y += ld) {
		UNROLL
		for (int c = 0; c < NV; c++) {
			vf d = vzero();
			if (LEFT(w) > 0) {
				d = slope(vload_n(dy + c * VL, LEFT(w)), y + c * VL, LEFT(w), act);
				if (act != ACT_NONE)
					vstore_n(dy + c * VL, d, LEFT(w));
			}
			s[c] = vadd(s[c], d);
			UNROLL
			for (int i = 0; i < thin; i++)
				p[i][c] = vfma(vset(x[i]), d, p[i][c]);
			if (!thin)
				vstore(t + c * VL, d);
		}
		t += thin ? 0 : NT;
		x += thin;
	}
	for (int c = 0; c < NV && LEFT(w) > 0; c++) {
		if (db)
			vstore_n(db + c * VL, add ? vadd(vload_n(db + c * VL, LEFT(w)), s[c]) : s[c], LEFT(w));
		for (int i = 0; i < thin; i++) {
			float *to = dw + i * ld + c * VL;
			vstore_n(to, add ? vadd(vload_n(to, LEFT(w)), p[i][c]) : p[i][c], LEFT(w));
		}
	}
}

static NOINLINE void slope_to_panel(float *t, float *db, float *dy, const float *y, long ld, long k, long w, int act, int add)
{
	if (w == NT) {
		if (act == ACT_NONE)
			slope_panel(0, t, 0, db, dy, 0, y, ld, k, NT, ACT_NONE, add);
		else
			slope_panel(0, t, 0, db, dy, 0, y, ld, k, NT, act, add);
	} else
		slope_panel(0, t, 0, db, dy, 0, y, ld, k, w, act, add);
}

#define slope_thin(n, dw, db, dy, x, y, ld, k, w, act, add) \
	if (w == NT) \
		slope_panel(n, 0, dw, db, dy, x, y, ld, k, NT, act, add); \
	else \
		slope_panel(n, 0, dw, db, dy, x, y, ld, k, w, act, add)

/* dx[rows][in] = dz[rows][out] wᵀ. */
static void linear_dx(float *dx, const float *dz, const float *w, long rows, long in, long out)
{
	float t[KC * NT];
	if (in <= THIN) {
		THIN_SWITCH(in, dots, rows, out, dz, w, out, dx, 0)
		return;
	}
	if (out <= THIN && in <= THIN_MOST) {
		transpose_thin(t, w, in, (int)out);
		THIN_SWITCH(out, outer, rows, in, dx, dz, t)
		return;
	}
	long parts = blocks(out, KC);
	for (long k0 = 0, k; k0 < out; k0 += k, parts--) {
		k = blocks(out - k0, parts);
		for (long j = 0; j < in; j += NT) {
			int n = in - j < NT ? (int)(in - j) : NT;
			pack_transposed(t, w + j * out + k0, out, k, n);
			panel(rows, n, k, dz + k0, out, 1, t, 0, 0, dx + j, in, k0 > 0 ? INIT_C : INIT_ZERO, 0, ACT_NONE);
		}
	}
}

static void column_sums(float *db, const float *dz, long rows, int n, int add)
{
	for (int j = 0; j < n; j++) {
		float s = 0;
		for (long i = 0; i < rows; i++)
			s += dz[i * n + j];
		db[j] = add ? db[j] + s : s;
	}
}

static void linear_backward(float *dx, float *dw, float *db, float *dy, const float *x, const float *w, const float *y,
			    long rows, long in, long out, int act, int add)
{
	float t[KC * NT];
	if (out <= THIN || (!dw && !db)) {
		slope_rows(dy, y, rows * out, act);
		if (db)
			column_sums(db, dy, rows, (int)out, add);
		if (dw)
			THIN_SWITCH(out, narrow, rows, in, dw, x, dy, add)
	} else {
		long parts = blocks(rows, KC);
		if (act == ACT_NONE)
			y = dy;
		for (long k0 = 0, k; k0 < rows; k0 += k, parts--) {
			k = blocks(rows - k0, parts);
			int more = add || k0 > 0;
			for (long j = 0; j < out; j += NT) {
				int n = out - j < NT ? (int)(out - j) : NT;
				long at = k0 * out + j;
				float *dbj = db ? db + j : 0;
				if (dw && in <= THIN) {
					THIN_SWITCH(in, slope_thin, dw + j, dbj, dy + at, x + k0 * in, y + at, out, k, n, act, more)
					continue;
				}
				slope_to_panel(t, dbj, dy + at, y + at, out, k, n, act, more);
				if (dw)
					panel(in, n, k, x + k0 * in, 1, in, t, 0, 0, dw + j, out, more ? INIT_C : INIT_ZERO, 0, ACT_NONE);
			}
		}
	}
	if (dx)
		linear_dx(dx, dy, w, rows, in, out);
}
