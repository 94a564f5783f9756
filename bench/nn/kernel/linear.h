/* A fully connected layer: y = act(x w + b), w[in][out]. */

static void act_rows(float *y, long n, int act)
{
	long i = 0;
	for (; act == ACT_TANH && i + VL <= n; i += VL)
		vstore(y + i, vtanh(vload(y + i)));
	for (; act == ACT_RELU && i + VL <= n; i += VL)
		vstore(y + i, vmax(vzero(), vload(y + i)));
	if (i < n && act != ACT_NONE) {
		float t[VL] = {0};
		memcpy(t, y + i, (n - i) * sizeof *t);
		vstore(t, act == ACT_TANH ? vtanh(vload(t)) : vmax(vzero(), vload(t)));
		memcpy(y + i, t, (n - i) * sizeof *t);
	}
}

static void linear_forward(float *y, const float *x, const float *w, const float *b, long rows, long in, long out, int act)
{
	if (out <= THIN && in <= KC * NT / THIN) {
		float t[KC * NT]; /* wᵀ */
		for (long i = 0; i < in; i++)
			for (int j = 0; j < out; j++)
				t[j * in + i] = w[i * out + j];
		dots(rows, (int)out, in, x, t, in, y, b);
		act_rows(y, rows * out, act);
		return;
	}
	float t[KC * NT];
	long parts = blocks(in, KC);
	for (long k0 = 0, k; k0 < in; k0 += k, parts--) {
		k = blocks(in - k0, parts);
		int init = k0 > 0 ? INIT_C : b ? INIT_BIAS : INIT_ZERO;
		for (long j = 0; j < out; j += NT) {
			int n = out - j < NT ? (int)(out - j) : NT;
			pack(t, w + k0 * out + j, out, k, n);
			panel(rows, n, k, x + k0, in, 1, t, y + j, out, init, b ? b + j : 0, parts == 1 ? act : ACT_NONE);
		}
	}
}

/* dz = dy act'(y) in place of dy, copied to the panel t as well; its columns are
 * summed into db. n ≤ NT columns of k rows. */
static void backward_panel(float *t, float *dy, const float *y, long ld, long k, int n, int act, float *db, int add)
{
	vf s[NV];
	float edge[2][NT] = {{0}};
	for (int j = 0; j < NV; j++)
		s[j] = vzero();
	for (long i = 0; i < k; i++, t += NT, dy += ld, y += ld) {
		const float *g = dy, *v = y;
		if (n < NT) {
			memcpy(edge[0], dy, n * sizeof *dy);
			if (act != ACT_NONE)
				memcpy(edge[1], y, n * sizeof *y);
			g = edge[0];
			v = edge[1];
		}
		UNROLL
		for (int j = 0; j < NV; j++) {
			vf d = vload(g + j * VL);
			if (act == ACT_TANH) {
				vf h = vload(v + j * VL);
				d = vmul(d, vfnma(h, h, vset(1)));
			} else if (act == ACT_RELU) {
				d = vand(vnle(vload(v + j * VL), vzero()), d);
			}
			vstore(t + j * VL, d);
			s[j] = vadd(s[j], d);
		}
		if (act != ACT_NONE)
			memcpy(dy, t, n * sizeof *dy);
	}
	if (!db)
		return;
	UNROLL
	for (int j = 0; j < NV; j++)
		vstore(edge[0] + j * VL, s[j]);
	for (int j = 0; j < n; j++)
		db[j] = add ? db[j] + edge[0][j] : edge[0][j];
}

/* dx[rows][in] = dz[rows][out] wᵀ. */
static void linear_dx(float *dx, const float *dz, const float *w, long rows, long in, long out)
{
	if (in <= THIN) {
		dots(rows, (int)in, out, dz, w, out, dx, 0);
		return;
	}
	float t[KC * NT];
	long parts = blocks(out, KC);
	for (long k0 = 0, k; k0 < out; k0 += k, parts--) {
		k = blocks(out - k0, parts);
		for (long j = 0; j < in; j += NT) {
			int n = in - j < NT ? (int)(in - j) : NT;
			pack_transposed(t, w + j * out + k0, out, k, n);
			panel(rows, n, k, dz + k0, out, 1, t, dx + j, in, k0 > 0 ? INIT_C : INIT_ZERO, 0, ACT_NONE);
		}
	}
}

static void linear_backward(float *dx, float *dw, float *db, float *dy, const float *x, const float *w, const float *y,
			    long rows, long in, long out, int act, int add)
{
	float t[KC * NT];
	long parts = blocks(rows, KC);
	if (dw || db || act != ACT_NONE)
		for (long k0 = 0, k; k0 < rows; k0 += k, parts--) {
			k = blocks(rows - k0, parts);
			int more = add || k0 > 0;
			for (long j = 0; j < out; j += NT) {
				int n = out - j < NT ? (int)(out - j) : NT;
				backward_panel(t, dy + k0 * out + j, act == ACT_NONE ? dy : y + k0 * out + j, out, k, n, act, db ? db + j : 0, more);
				if (dw)
					panel(in, n, k, x + k0 * in, 1, in, t, dw + j, out, more ? INIT_C : INIT_ZERO, 0, ACT_NONE);
			}
		}
	if (dx)
		linear_dx(dx, dy, w, rows, in, out);
}
